namespace GrainKube.ApiServer.OpenApi;

/// <summary>The query parameters of an action. Clients look here to find out what a server can do (<c>fieldValidation</c>, <c>dryRun</c>).</summary>
internal static class QueryParameters
{
    private static readonly (string Name, string Type, string Text)[] Lists =
    [
        ("allowWatchBookmarks", "boolean", "Asks for events of type BOOKMARK in a watch."),
        ("continue", "string", "The token of the next page, as the page before gave it."),
        ("fieldSelector", "string", "A selector to restrict the list of returned objects by their fields. Defaults to everything."),
        ("labelSelector", "string", "A selector to restrict the list of returned objects by their labels. Defaults to everything."),
        ("limit", "integer", "The greatest number of objects in a page."),
        ("resourceVersion", "string", "A constraint on what revision the answer may be served from."),
        ("resourceVersionMatch", "string", "How resourceVersion is applied to a list."),
        ("sendInitialEvents", "boolean", "Begins a watch with the present state, ended by a bookmark."),
        ("timeoutSeconds", "integer", "Limits the duration of the call."),
        ("watch", "boolean", "Watch for changes to the described resources and return them as a stream of add, update, and remove notifications. Specify resourceVersion."),
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

    private static readonly (string Name, string Type, string Text)[] Streams =
    [
        ("container", "string", "The container to connect to. Defaults to the only one of the pod."),
        ("stderr", "boolean", "Redirects the standard error of the process to this call."),
        ("stdin", "boolean", "Redirects the standard input of this call to the process."),
        ("stdout", "boolean", "Redirects the standard output of the process to this call."),
        ("tty", "boolean", "A terminal is allocated."),
    ];

    /// <summary>What every operation of a path takes that connects to something, or reads its log.</summary>
    /// <param name="options">The kind of the options, or of the object with the log.</param>
    /// <param name="subresource">The subresource.</param>
    public static IEnumerable<(string Name, string Type, string Text)> OfPath(string options, string subresource) => (options, subresource) switch
    {
        ("PodAttachOptions", _) => Streams,
        ("PodExecOptions", _) => Streams.Prepend(("command", "string", "The command to run, argument by argument; no shell.")),
        ("PodPortForwardOptions", _) => [("ports", "integer", "The ports to forward; required where WebSockets are used.")],
        (_, "proxy") => [("path", "string", "The path of the request behind the proxy.")],
        (_, "log") =>
        [
            ("container", "string", "The container whose log is read. Defaults to the only one of the pod."),
            ("follow", "boolean", "Follows the log."),
            ("insecureSkipTLSVerifyBackend", "boolean", "The certificate of the node is not verified."),
            ("limitBytes", "integer", "The number of bytes after which the answer ends."),
            ("previous", "boolean", "Reads the log of the container before this one."),
            ("sinceSeconds", "integer", "How old the oldest line may be. Not together with sinceTime."),
            ("stream", "string", "Which stream is read: All, Stdout or Stderr."),
            ("tailLines", "integer", "The number of lines to begin with, counted from the end."),
            ("timestamps", "boolean", "Each line begins with its time."),
        ],
        _ => [],
    };

    /// <summary>What a watch by path takes, all of it at the path.</summary>
    public static IEnumerable<(string Name, string Type, string Text)> OfWatch => Lists;

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
