namespace GrainKube.ApiServer.Requests;

/// <summary>What a request asks for, read from its method, path and query as upstream's resolver does. Authorization and dispatch go by it.</summary>
public sealed record RequestInfo
{
    /// <summary>True for <c>/api/VERSION/...</c> and <c>/apis/GROUP/VERSION/...</c> that name a resource.</summary>
    public required bool IsResourceRequest { get; init; }

    /// <summary>
    /// <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>; the lower-case HTTP method where no resource is named.
    /// </summary>
    public required string Verb { get; init; }

    /// <summary>The path as it was asked for, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Empty for the core group.</summary>
    public string ApiGroup { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    /// <summary>Empty for cluster-wide requests; for <c>/api/v1/namespaces/NAME</c> the namespace itself, as upstream has it.</summary>
    public string Namespace { get; init; } = "";

    public string Resource { get; init; } = "";
    public string Subresource { get; init; } = "";

    /// <summary>Empty where none is named; a list or watch with the field selector <c>metadata.name=NAME</c> has that name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The field selector of a list, watch or deletecollection as it was sent; empty where there is none.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>Its label selector, alike.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>What follows the resource in the path: the name, the subresource, and for proxies the rest.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>True where the path itself holds the name (rather than a field selector).</summary>
    public bool IsNamed => Parts.Count > 0;

    /// <summary>Group and version as objects carry them, <c>v1</c> or <c>apps/v1</c>.</summary>
    public string GroupVersion => ApiGroup.Length == 0 ? ApiVersion : $"{ApiGroup}/{ApiVersion}";

    /// <summary>True for get, list and watch, and for GET and HEAD without a resource.</summary>
    public bool IsReadOnly => Verb is "get" or "list" or "watch" or "head";
}
