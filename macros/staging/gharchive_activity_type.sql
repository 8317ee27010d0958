{#-
    What a GitHub event means, from the columns event_type, action, ref_type and is_merged.

    - Only the making of a thing counts as that thing. An edit or a deletion is a change of what the thing belongs to
      (issue, pull request), and of nothing where the thing stands alone.
    - Payloads of 2011 and 2012 often lack the action: then the thing was made.
    - Types and actions that are none of a person's work on a repository (following a person, a team's rights, an edited
      release) end in a name that the seed activity_types does not have: they are reported as unknown_type.
-#}
{% macro gharchive_activity_type() -%}
    case
        when event_type = 'WatchEvent' then 'github_star'       -- named so since stars were "watches"
        when event_type = 'ForkEvent' then 'github_fork'
        when event_type = 'PushEvent' then 'github_commit'
        when event_type = 'ForkApplyEvent' then 'github_commit'         -- until 2012: took over a fork's commit
        when event_type = 'IssuesEvent' and action = 'opened' then 'github_issue_opened'
        when event_type = 'IssuesEvent' then 'github_issue_updated'
        when event_type = 'IssueCommentEvent' and is_made then 'github_issue_comment'
        when event_type = 'IssueCommentEvent' then 'github_issue_updated'
        when event_type = 'PullRequestEvent' and action = 'opened' then 'github_pull_request_opened'
        when event_type = 'PullRequestEvent' and action = 'merged' then 'github_pull_request_merged'
        when event_type = 'PullRequestEvent' and action = 'closed' and is_merged then 'github_pull_request_merged'
        when event_type = 'PullRequestEvent' and action = 'closed' then 'github_pull_request_closed'
        when event_type = 'PullRequestEvent' then 'github_pull_request_updated'
        when event_type = 'PullRequestReviewEvent' and is_made then 'github_pull_request_review'
        when event_type = 'PullRequestReviewCommentEvent' and is_made then 'github_review_comment'
        when event_type like 'PullRequestReview%Event' then 'github_pull_request_updated'
        when event_type = 'CommitCommentEvent' and is_made then 'github_commit_comment'
        when event_type = 'GollumEvent' then 'github_wiki_edit'
        -- A new public repository is published like one that was private before. A tag is a name for a commit as a
        -- branch is; what people are told of a version is its release, which has an event of its own.
        when event_type = 'CreateEvent' and ref_type = 'repository' then 'github_repository_published'
        when event_type = 'PublicEvent' then 'github_repository_published'
        when event_type = 'CreateEvent' then 'github_branch_created'
        when event_type = 'DeleteEvent' then 'github_branch_deleted'
        when event_type = 'ReleaseEvent' and coalesce(action, 'published') = 'published' then 'github_release'
        when event_type = 'DownloadEvent' then 'github_release'         -- until 2013: a file was offered, not fetched
        when event_type = 'MemberEvent' and coalesce(action, 'added') = 'added' then 'github_member_added'
        when event_type = 'DiscussionEvent' and is_made then 'github_discussion'
        when event_type = 'DiscussionCommentEvent' and is_made then 'github_discussion_comment'
        when event_type = 'SponsorshipEvent' and is_made then 'github_sponsorship'
        when event_type = 'GistEvent' then 'github_gist'                -- an update of a gist is a commit to it
        else 'github_' || {{ snake_case("replace(event_type, 'Event', '')") }} || coalesce('_' || lower(action), '')
    end
{%- endmacro %}
