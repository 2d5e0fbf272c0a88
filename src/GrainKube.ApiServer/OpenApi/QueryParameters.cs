namespace GrainKube.ApiServer.OpenApi;

/// <summary>The query parameters of an action. Clients look here to find out what a server can do (<c>fieldValidation</c>, <c>dryRun</c>).</summary>
internal static class QueryParameters
{
    private static readonly (string Name, string Type, string Text)[] Lists =
    [
        ("allowWatchBookmarks", "boolean", "Asks for events of type BOOKMARK in a watch."),
        ("continue", "string", "The token of the next page, as the page before gave it."),
        ("fieldSelector", "string", "Restricts the answer by fields. Defaults to everything."),
        ("labelSelector", "string", "Restricts the answer by labels. Defaults to everything."),
        ("limit", "integer", "The greatest number of objects in a page."),
        ("resourceVersion", "string", "A constraint on what revision the answer may be served from."),
        ("resourceVersionMatch", "string", "How resourceVersion is applied to a list."),
        ("sendInitialEvents", "boolean", "Begins a watch with the present state, ended by a bookmark."),
        ("timeoutSeconds", "integer", "Limits the duration of the call."),
        ("watch", "boolean", "Watches for changes and returns them as a stream."),
    ];

    private static readonly (string Name, string Type, string Text)[] Writes =
    [
        ("dryRun", "string", "When present, nothing is persisted. Valid values are: All."),
        ("fieldManager", "string", "A name for the actor that makes these changes, up to 128 printable characters."),
        ("fieldValidation", "string", "What to do with unknown or duplicate fields: Ignore, Warn or Strict. Defaults to Warn."),
    ];

    private static readonly (string Name, string Type, string Text) Force =
        ("force", "boolean", "Takes over fields that other managers own. Must be unset for patches other than apply.");

    private static readonly (string Name, string Type, string Text)[] Deletes =
    [
        ("dryRun", "string", "When present, nothing is persisted. Valid values are: All."),
        ("gracePeriodSeconds", "integer", "Seconds before the object is deleted; zero deletes at once."),
        ("orphanDependents", "boolean", "Deprecated: use propagationPolicy."),
        ("propagationPolicy", "string", "Whether and how dependents are deleted: Orphan, Background or Foreground."),
    ];

    public static IEnumerable<(string Name, string Type, string Text)> Of(string action) => action switch
    {
        "list" => Lists,
        "post" or "put" => Writes,
        "patch" => Writes.Append(Force),
        "delete" => Deletes,
        "deletecollection" => Lists.Where(p => p.Name is not ("watch" or "allowWatchBookmarks")).Concat(Deletes),
        _ => [],
    };
}
