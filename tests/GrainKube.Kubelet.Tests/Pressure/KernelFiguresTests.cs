using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Tests.Pressure;

public sealed class KernelFiguresTests
{
    [Fact]
    public void The_machine_has_something_of_everything_left()
    {
        var directory = Path.GetTempPath();
        var figures = new KernelFigures(Path.Combine(directory, "not", "there", "yet")).Read(directory);
        var drive = new DriveInfo(directory);

        Assert.InRange(figures.Memory.Available, 1, figures.Memory.Capacity);
        Assert.InRange(figures.Processes.Available, 1, figures.Processes.Capacity);
        Assert.Equal(drive.TotalSize, figures.NodeDisk!.Bytes.Capacity);
        Assert.InRange(figures.NodeDisk.Bytes.Available, 0, drive.TotalFreeSpace + (1L << 30));
        Assert.InRange(figures.NodeDisk.Inodes.Available, 0, figures.NodeDisk.Inodes.Capacity);
        Assert.True(figures.HasOneDisk);
        Assert.Null(new KernelFigures(directory).Read("").ImageDisk);
    }
}
