{{ config(enabled='segment' in var('sources')) }}

{{ segment_activities('segment') }}
