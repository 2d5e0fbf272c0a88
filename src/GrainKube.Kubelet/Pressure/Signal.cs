namespace GrainKube.Kubelet.Pressure;

/// <summary>What a threshold watches.</summary>
internal enum Signal
{
    MemoryAvailable,
    NodeFsAvailable,
    NodeFsInodesFree,
    ImageFsAvailable,
    ImageFsInodesFree,
    PidAvailable,
}

/// <summary>What a node has too little of; each is a condition of the Node.</summary>
[Flags]
internal enum Pressures
{
    None = 0,
    Memory = 1,
    Disk = 2,
    Pid = 4,
}

/// <summary>Names and meaning of the signals.</summary>
internal static class Signals
{
    public const string Memory = "memory";
    public const string Storage = "ephemeral-storage";
    public const string Inodes = "inodes";
    public const string Pids = "pids";

    private static readonly Dictionary<string, Signal> Named = new(StringComparer.Ordinal)
    {
        ["memory.available"] = Signal.MemoryAvailable,
        ["nodefs.available"] = Signal.NodeFsAvailable,
        ["nodefs.inodesFree"] = Signal.NodeFsInodesFree,
        ["imagefs.available"] = Signal.ImageFsAvailable,
        ["imagefs.inodesFree"] = Signal.ImageFsInodesFree,
        ["pid.available"] = Signal.PidAvailable,
    };

    public static Signal? Find(string name) => Named.TryGetValue(name, out var signal) ? signal : null;

    public static Pressures PressureOf(Signal signal) => signal switch
    {
        Signal.MemoryAvailable => Pressures.Memory,
        Signal.PidAvailable => Pressures.Pid,
        _ => Pressures.Disk,
    };

    /// <summary>The resource that runs short, as messages name it.</summary>
    public static string ResourceOf(Signal signal) => signal switch
    {
        Signal.MemoryAvailable => Memory,
        Signal.PidAvailable => Pids,
        Signal.NodeFsInodesFree or Signal.ImageFsInodesFree => Inodes,
        _ => Storage,
    };

    /// <summary>The figure that a signal is about; null where it is not known.</summary>
    public static Stock? Of(this MachineFigures figures, Signal signal) => signal switch
    {
        Signal.MemoryAvailable => figures.Memory,
        Signal.PidAvailable => figures.Processes,
        Signal.NodeFsAvailable => figures.NodeDisk?.Bytes,
        Signal.ImageFsAvailable => figures.ImageDisk?.Bytes,
        Signal.NodeFsInodesFree => Counted(figures.NodeDisk),
        _ => Counted(figures.ImageDisk),
    };

    private static Stock? Counted(DiskFigures? disk) => disk?.Inodes is { Capacity: > 0 } inodes ? inodes : null;
}
