{{ config(enabled='segment' in var('sources')) }}

{{ segment_contacts('segment') }}
