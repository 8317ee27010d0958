with declared as (
    {{ declared_segments() }}
),

shaped as (
    select
        segment,
        description,
        playbook,
        priority,
        action_steps,
        is_exported
    from declared
)

select * from shaped
