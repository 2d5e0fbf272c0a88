namespace GrainKube.ApiMachinery.Identity;

/// <summary>Who makes a request, as authentication found out.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.UserInfo")]
public sealed record UserInfo
{
    [Id(0)] public required string Name { get; init; }
    [Id(1)] public string Uid { get; init; } = "";
    [Id(2)] public IReadOnlyList<string> Groups { get; init; } = [];
    [Id(3)] public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The identity under which upstream's controller of that name writes: its service account in <c>kube-system</c>.</summary>
    public static UserInfo Controller(string name) => new()
    {
        Name = $"system:serviceaccount:kube-system:{name}",
        Groups = ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
    };

    /// <summary>The kubelet of a node.</summary>
    public static UserInfo Node(string nodeName) => new()
    {
        Name = $"system:node:{nodeName}",
        Groups = ["system:nodes", "system:authenticated"],
    };

    /// <summary>The scheduler.</summary>
    public static UserInfo Scheduler { get; } = new() { Name = "system:kube-scheduler", Groups = ["system:authenticated"] };

    /// <summary>The server itself: what it makes at first start.</summary>
    public static UserInfo Server { get; } = new() { Name = "system:apiserver", Groups = ["system:masters", "system:authenticated"] };
}
