using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Volumes;

/// <summary>How much a directory holds.</summary>
internal static class DiskUsage
{
    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Sum of the files' sizes, and how many files and directories there are; links are not followed, what vanishes meanwhile counts nothing. Nothing where it is not there.</summary>
    public static DiskUse Of(string directory)
    {
        var sum = new DiskUse(0, 0);
        if (directory.Length == 0 || !Directory.Exists(directory))
        {
            return sum;
        }

        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", Deep))
        {
            sum += new DiskUse(entry is FileInfo { Exists: true } file ? file.Length : 0, 1);
        }

        return sum;
    }

    /// <summary>The sizes of files; those that are not there count nothing.</summary>
    public static DiskUse Of(IEnumerable<string> files) => files.Select(file => new FileInfo(file)).Where(file => file.Exists)
        .Aggregate(new DiskUse(0, 0), (sum, file) => sum + new DiskUse(file.Length, 1));
}
