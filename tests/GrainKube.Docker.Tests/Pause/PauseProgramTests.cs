using System.Diagnostics;
using System.Runtime.CompilerServices;
using GrainKube.Docker.Pause;

namespace GrainKube.Docker.Tests.Pause;

public sealed class PauseProgramTests
{
    [Theory]
    [InlineData("amd64", "x86_64-linux-gnu")]
    [InlineData("arm64", "aarch64-linux-gnu")]
    public async Task The_bytes_are_what_the_source_beside_them_assembles_to(string architecture, string target)
    {
        var directory = Directory.CreateTempSubdirectory("pause-");
        try
        {
            var parts = (Object: Path.Combine(directory.FullName, "pause.o"), Program: Path.Combine(directory.FullName, "pause"));
            await RunAsync($"{target}-as", "-o", parts.Object, SourceOf(architecture));
            await RunAsync($"{target}-objcopy", "-O", "binary", "-j", ".text", parts.Object, parts.Program);

            Assert.Equal(await File.ReadAllBytesAsync(parts.Program), PauseProgram.For(architecture));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void An_unknown_architecture_is_refused() => Assert.Throws<PlatformNotSupportedException>(() => PauseProgram.For("riscv64"));

    private static string SourceOf(string architecture, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, $"../../../src/GrainKube.Docker/Pause/pause.{architecture}.s"));

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }
}
