{{ config(enabled='rudderstack' in var('sources')) }}

{{ segment_activities('rudderstack') }}
