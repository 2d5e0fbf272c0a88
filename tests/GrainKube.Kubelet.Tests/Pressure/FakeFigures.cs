using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Tests.Pressure;

/// <summary>A machine with a gigabyte of memory and a disk of a hundred, to be filled by a test.</summary>
internal sealed class FakeFigures : IMachineFigures
{
    public const long Gigabyte = 1L << 30;

    public long FreeMemory { get; set; } = Gigabyte / 2;
    public long FreeDisk { get; set; } = 60 * Gigabyte;

    public static MachineFigures Of(long freeMemory, long freeDisk) => new(
        new Stock(freeMemory, Gigabyte),
        new Stock(1000, 2000),
        new DiskFigures("one", new Stock(freeDisk, 100 * Gigabyte), new Stock(0, 0)),
        new DiskFigures("one", new Stock(freeDisk, 100 * Gigabyte), new Stock(0, 0)));

    public MachineFigures Read(string imageDirectory) => Of(FreeMemory, FreeDisk);
}
