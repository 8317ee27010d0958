{{ config(enabled='segment' in var('sources')) }}

{{ segment_people('segment') }}
