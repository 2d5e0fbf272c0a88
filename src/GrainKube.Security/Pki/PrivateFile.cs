namespace GrainKube.Security.Pki;

/// <summary>Files that only their owner may read, and that are there whole or not at all.</summary>
public static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, Owner | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes beside the file and renames; readers never see a part.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="replace">False fails where the file exists.</param>
    /// <param name="cancel">Leaves the file as it was.</param>
    /// <exception cref="IOException">The disk refused, or the file exists and is not to be replaced.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, bool replace, CancellationToken cancel)
    {
        var beside = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Owner;
            }

            await using (var file = new FileStream(beside, options))
            {
                await file.WriteAsync(bytes, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, replace);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
