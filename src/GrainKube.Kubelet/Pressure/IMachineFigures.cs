namespace GrainKube.Kubelet.Pressure;

/// <summary>How much of something is left, and how much there is.</summary>
internal readonly record struct Stock(long Available, long Capacity);

/// <summary>The room of a file system.</summary>
/// <param name="Device">The same for two directories on one file system.</param>
/// <param name="Bytes">Available is what an ordinary user may still write.</param>
/// <param name="Inodes">Capacity is 0 where the file system does not count them.</param>
internal sealed record DiskFigures(string Device, Stock Bytes, Stock Inodes);

/// <summary>What the machine has left.</summary>
/// <param name="Memory">In bytes; available is what can be had without swapping.</param>
/// <param name="Processes">Process numbers, threads' included.</param>
/// <param name="NodeDisk">Where the kubelet keeps pods' volumes; null where it cannot be read.</param>
/// <param name="ImageDisk">Where the engine keeps images and containers; null where that is not on this machine.</param>
internal sealed record MachineFigures(Stock Memory, Stock Processes, DiskFigures? NodeDisk, DiskFigures? ImageDisk)
{
    /// <summary>Images and volumes share a file system, so that either gives room to the other.</summary>
    public bool HasOneDisk => ImageDisk is null || NodeDisk?.Device == ImageDisk.Device;
}

/// <summary>Reads what the machine has left.</summary>
internal interface IMachineFigures
{
    /// <param name="imageDirectory">Where the engine keeps its images; empty where that is not on this machine.</param>
    MachineFigures Read(string imageDirectory);
}
