{{ config(enabled='rudderstack' in var('sources')) }}

{{ segment_people('rudderstack') }}
