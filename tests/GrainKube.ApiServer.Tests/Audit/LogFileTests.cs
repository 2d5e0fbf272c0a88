using GrainKube.ApiServer.Audit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Audit;

public sealed class LogFileTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("audit-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Full_files_are_put_aside_and_the_oldest_go()
    {
        using var file = new LogFile(new AuditOptions { LogPath = Path.Combine(directory.FullName, "audit.log"), LogMaxSize = 1, LogMaxBackup = 2 }, time);
        var line = new byte[600 * 1024];
        Array.Fill(line, (byte)'x');
        for (var i = 0; i < 5; i++)
        {
            file.Write(line);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        file.Flush();
        Assert.Equal(["audit-2026-01-01T00-00-03.000.log", "audit-2026-01-01T00-00-04.000.log", "audit.log"], directory.EnumerateFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.All(directory.EnumerateFiles(), f => Assert.Equal(line.Length + 1, f.Length));
    }

    [Fact]
    public void A_file_that_is_there_goes_on()
    {
        var options = new AuditOptions { LogPath = Path.Combine(directory.FullName, "new", "audit.log") };
        foreach (var text in (string[])["one", "two"])
        {
            using var file = new LogFile(options, time);
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
        }

        Assert.Equal(["one", "two"], File.ReadAllLines(options.LogPath));
    }

    public void Dispose() => directory.Delete(recursive: true);
}
