namespace GrainKube.Docker.Engine;

/// <summary>Labels by which what we made is found again. The <c>io.kubernetes</c> ones are what monitoring tools look for.</summary>
internal static class EngineLabels
{
    public const string Node = "grainkube.io/node";
    public const string Kind = "grainkube.io/kind";
    public const string Attempt = "grainkube.io/attempt";
    public const string Sandbox = "grainkube.io/sandbox";
    public const string Image = "grainkube.io/image";
    public const string Address = "grainkube.io/address";
    public const string ShareProcesses = "grainkube.io/share-processes";
    public const string PodGroup = "grainkube.io/pod-group";
    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string ContainerName = "io.kubernetes.container.name";

    public const string SandboxKind = "sandbox";
    public const string ContainerKind = "container";

    private static readonly HashSet<string> Own =
        [Node, Kind, Attempt, Sandbox, Image, Address, ShareProcesses, PodGroup, PodName, PodNamespace, PodUid, ContainerName];

    public static string Of(IDictionary<string, string> labels, string name) => labels.TryGetValue(name, out var value) ? value : "";

    public static int AttemptOf(IDictionary<string, string> labels) => int.TryParse(Of(labels, Attempt), out var attempt) ? attempt : 0;

    /// <summary>What is left when ours are taken away.</summary>
    public static IReadOnlyDictionary<string, string> Further(IDictionary<string, string> labels) =>
        labels.Where(label => !Own.Contains(label.Key)).ToDictionary();
}
