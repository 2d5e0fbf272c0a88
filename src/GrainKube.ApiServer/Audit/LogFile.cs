using System.Globalization;

namespace GrainKube.ApiServer.Audit;

/// <summary>A file that is put aside when it is full; of those put aside the oldest go. Not for several threads.</summary>
internal sealed class LogFile(AuditOptions options, TimeProvider time) : IDisposable
{
    private const string Stamp = "yyyy-MM-dd'T'HH-mm-ss.fff";
    private readonly long full = (long)options.LogMaxSize * 1024 * 1024;
    private Stream? stream;
    private long size;

    /// <exception cref="IOException">The disk is full, or the directory is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Write(ReadOnlySpan<byte> line)
    {
        if (stream is not null && full > 0 && size + line.Length + 1 > full && options.LogPath != "-")
        {
            PutAside();
        }

        stream ??= Open();
        stream.Write(line);
        stream.WriteByte((byte)'\n');
        size += line.Length + 1;
    }

    public void Flush() => stream?.Flush();

    public void Dispose()
    {
        stream?.Dispose();
        stream = null;
    }

    private Stream Open()
    {
        if (options.LogPath == "-")
        {
            return Console.OpenStandardOutput();
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(options.LogPath))!;
        Directory.CreateDirectory(directory);
        var mode = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it may hold secrets
        }

        var opened = new FileStream(options.LogPath, mode);
        size = opened.Length;
        return opened;
    }

    private void PutAside()
    {
        Dispose();
        var (prefix, extension) = Parts();
        File.Move(options.LogPath, $"{prefix}{time.GetUtcNow().UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}{extension}", overwrite: true);
        var kept = 0;
        foreach (var old in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(options.LogPath))!)
            .Select(path => (path, at: MadeAt(path))).Where(f => f.at is not null).OrderByDescending(f => f.at).ToList())
        {
            kept++;
            if ((options.LogMaxBackup > 0 && kept > options.LogMaxBackup) || (options.LogMaxAge > 0 && time.GetUtcNow().UtcDateTime - old.at > TimeSpan.FromDays(options.LogMaxAge)))
            {
                File.Delete(old.path);
            }
        }
    }

    private (string Prefix, string Extension) Parts()
    {
        var path = Path.GetFullPath(options.LogPath);
        var extension = Path.GetExtension(path);
        return (path[..^extension.Length] + "-", extension);
    }

    private DateTime? MadeAt(string path)
    {
        var (prefix, extension) = Parts();
        return path.Length > prefix.Length + extension.Length && path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal)
            && DateTime.TryParseExact(path[prefix.Length..^extension.Length], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }
}
