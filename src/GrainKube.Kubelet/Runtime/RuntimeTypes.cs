namespace GrainKube.Kubelet.Runtime;

/// <summary>The engine behind a runtime. <c>Name</c> is the scheme of container ids: <c>docker</c>.</summary>
public sealed record RuntimeInfo(string Name, string Version, string KernelVersion, string OperatingSystem, string Architecture)
{
    /// <summary>Where images and containers are kept, if that is on this machine's disk; otherwise empty.</summary>
    public string ImageDirectory { get; init; } = "";
}

/// <summary>What an event was about.</summary>
public enum RuntimeEventKind
{
    Started,
    Died,
    Removed,

    /// <summary>Events may have been missed: look at everything.</summary>
    Resync,
}

/// <summary>A wake-up for the pod of that uid (empty on resync).</summary>
public readonly record struct RuntimeEvent(RuntimeEventKind Kind, string PodUid, string ContainerId);

/// <summary>What a sandbox is to be.</summary>
public sealed record SandboxSpec
{
    public required string PodUid { get; init; }
    public required string Namespace { get; init; }
    public required string PodName { get; init; }
    public required string Hostname { get; init; }

    /// <summary>Counts sandboxes of one pod, from 0.</summary>
    public int Attempt { get; init; }
    public bool HostNetwork { get; init; }
    public bool HostPid { get; init; }
    public bool HostIpc { get; init; }

    /// <summary>Containers join the sandbox's process namespace.</summary>
    public bool ShareProcesses { get; init; }

    /// <summary>Name of the engine's runtime for the pod's containers; empty for its own choice.</summary>
    public string RuntimeHandler { get; init; } = "";

    /// <summary>Limits of all containers of the pod together; null where it has none of its own.</summary>
    public ContainerResources? Resources { get; init; }
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];
    public IReadOnlyList<string> DnsServers { get; init; } = [];
    public IReadOnlyList<string> DnsSearches { get; init; } = [];
    public IReadOnlyList<string> DnsOptions { get; init; } = [];
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();
}

/// <summary>A port of the host that leads to a port of the pod.</summary>
public sealed record PortBinding(string HostIp, int HostPort, int ContainerPort, string Protocol);

/// <summary>A sandbox as the runtime has it.</summary>
public sealed record SandboxState(string Id, string PodUid, string Namespace, string PodName, int Attempt, bool Running, string Ip, DateTimeOffset CreatedAt)
{
    /// <summary>The limits of the whole pod in force; null where it was made without.</summary>
    public ContainerResources? Resources { get; init; }
}

/// <summary>What a container is to be; everything is resolved, nothing refers to API objects.</summary>
public sealed record ContainerSpec
{
    public required string SandboxId { get; init; }
    public required string PodUid { get; init; }
    public required string Namespace { get; init; }
    public required string PodName { get; init; }
    public required string Name { get; init; }

    /// <summary>How often this container was started before in this pod: its restart count.</summary>
    public required int Attempt { get; init; }

    /// <summary>Id of the image, resolved by <see cref="IImages"/>.</summary>
    public required string ImageId { get; init; }

    /// <summary>The image as the pod wrote it; kept as a label for status.</summary>
    public required string Image { get; init; }

    /// <summary>Replaces the image's entry point; empty keeps it.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Replaces the image's command; empty keeps it unless <see cref="Command"/> is given.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];
    public string WorkingDirectory { get; init; } = "";
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];
    public ContainerResources Resources { get; init; } = new();
    public ContainerSecurity Security { get; init; } = new();

    /// <summary>Id of a container whose processes it sees; empty for its own or the sandbox's.</summary>
    public string ProcessesOf { get; init; } = "";
    public bool Stdin { get; init; }
    public bool StdinOnce { get; init; }
    public bool Tty { get; init; }

    /// <summary>Signal that asks it to end; empty for the image's own or SIGTERM.</summary>
    public string StopSignal { get; init; } = "";

    /// <summary>Further labels the kubelet wants back in <see cref="ContainerState.Labels"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>A path of the host inside the container.</summary>
/// <param name="HostPath">File or directory; must exist.</param>
/// <param name="ContainerPath">Absolute.</param>
/// <param name="ReadOnly">No writes through this mount.</param>
/// <param name="Propagation"><c>rprivate</c>, <c>rslave</c> or <c>rshared</c>.</param>
public sealed record ContainerMount(string HostPath, string ContainerPath, bool ReadOnly, string Propagation = ContainerMount.Private)
{
    /// <summary>Mounts that are made later on one side are not seen on the other.</summary>
    public const string Private = "rprivate";
}

/// <summary>Limits. Zero means none.</summary>
public sealed record ContainerResources
{
    public long CpuShares { get; init; }

    /// <summary>Microseconds of CPU in each period.</summary>
    public long CpuQuota { get; init; }
    public long CpuPeriod { get; init; }
    public long MemoryBytes { get; init; }

    /// <summary>0 to 1000; never negative, some hosts forbid that.</summary>
    public int OomScoreAdjust { get; init; }
}

/// <summary>Users and rights inside the container. Null means the image's own.</summary>
public sealed record ContainerSecurity
{
    public long? RunAsUser { get; init; }
    public long? RunAsGroup { get; init; }
    public IReadOnlyList<long> SupplementalGroups { get; init; } = [];
    public bool Privileged { get; init; }
    public bool ReadOnlyRootFilesystem { get; init; }
    public bool NoNewPrivileges { get; init; }
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];
    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    /// <summary><c>unconfined</c>, <c>runtime/default</c> or empty.</summary>
    public string SeccompProfile { get; init; } = "";
}

/// <summary>Where a container is in its life.</summary>
public enum ContainerPhase
{
    Created,
    Running,
    Exited,
}

/// <summary>A container as the runtime has it.</summary>
public sealed record ContainerState
{
    public required string Id { get; init; }
    public required string SandboxId { get; init; }
    public required string PodUid { get; init; }
    public required string Namespace { get; init; }
    public required string PodName { get; init; }
    public required string Name { get; init; }
    public required int Attempt { get; init; }
    public required ContainerPhase Phase { get; init; }
    public required string Image { get; init; }
    public required string ImageId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public int ExitCode { get; init; }
    public bool OomKilled { get; init; }

    /// <summary>The limits in force; null where the runtime does not tell.</summary>
    public ContainerResources? Resources { get; init; }

    /// <summary>Why it could not start, in the engine's words; otherwise empty.</summary>
    public string Error { get; init; } = "";
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a runtime has of this node.</summary>
public sealed record RuntimeListing(IReadOnlyList<SandboxState> Sandboxes, IReadOnlyList<ContainerState> Containers);

/// <summary>A line of a log; <c>Text</c> includes its newline unless the line was cut.</summary>
public readonly record struct LogLine(DateTimeOffset Time, bool IsStderr, ReadOnlyMemory<byte> Text);

/// <summary>Which part of a log is wanted.</summary>
public sealed record LogQuery(bool Follow = false, long? TailLines = null, DateTimeOffset? Since = null);

/// <summary>What a finished command came to. <c>Output</c> is stdout and stderr as they came.</summary>
public sealed record ExecResult(int ExitCode, byte[] Output, bool TimedOut);

/// <summary>Which streams a session has.</summary>
public sealed record ExecOptions(IReadOnlyList<string> Command, bool Stdin, bool Stdout, bool Stderr, bool Tty);

/// <summary>A piece of output.</summary>
public sealed record SessionOutput(bool IsStderr, byte[] Data);

/// <summary>CPU time used since its start, in nanoseconds, memory in bytes, and processes with their threads (0 where they are not counted).</summary>
public sealed record ContainerUsage(DateTimeOffset Time, ulong CpuNanoseconds, ulong MemoryBytes, ulong WorkingSetBytes, ulong Processes = 0);

/// <summary>Where on this machine's disk a container's files are.</summary>
/// <param name="Layer">Directory of what it wrote outside of mounts; empty where that is not a directory here.</param>
/// <param name="Logs">The files of its log.</param>
public sealed record ContainerFiles(string Layer, IReadOnlyList<string> Logs);

/// <summary>An image on the node. <c>User</c> is what the image runs as (uid or name), empty for root.</summary>
public sealed record ImageInfo(string Id, IReadOnlyList<string> Tags, IReadOnlyList<string> Digests, long SizeBytes, string User);

/// <summary>What a registry asks for.</summary>
public sealed record RegistryCredentials(string Server, string Username, string Password, string IdentityToken = "");

/// <summary>Why a runtime failed.</summary>
public enum RuntimeError
{
    Unavailable,
    NotFound,
    CannotRun,
    ImagePull,
    PortInUse,
    Other,
}

/// <summary>A runtime failed; the message is the engine's, fit for an event.</summary>
public sealed class RuntimeException(RuntimeError error, string message, Exception? cause = null) : Exception(message, cause)
{
    public RuntimeError Error { get; } = error;
}
