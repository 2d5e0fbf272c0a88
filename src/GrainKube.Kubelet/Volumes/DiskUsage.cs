namespace GrainKube.Kubelet.Volumes;

/// <summary>How much a directory holds.</summary>
internal static class DiskUsage
{
    /// <summary>Sum of the files' sizes in bytes, links not followed; files that vanish meanwhile count nothing.</summary>
    public static long Of(string directory)
    {
        var deep = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        var sum = 0L;
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*", deep))
        {
            sum += file.Exists ? file.Length : 0;
        }

        return sum;
    }
}
