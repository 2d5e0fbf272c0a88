using System.Security.Cryptography;

namespace GrainKube.Docker.Pause;

/// <summary>
/// The program of a sandbox: PID 1 that waits for signals, reaps orphans and ends on SIGTERM. Assembled from <c>pause.amd64.s</c> and <c>pause.arm64.s</c>,
/// which a test assembles again and compares.
/// </summary>
internal static class PauseProgram
{
    private const string Amd64 =
        "7f454c4602010100000000000000000002003e000100000078004000000000004000000000000000000000000000000000000000400038000100000000000000" +
        "0100000005000000000000000000000000004000000000000000400000000000d700000000000000d7000000000000000010000000000000488d1d5000000031" +
        "ff4889de31d26a08415a6a0e580f054889df31f631d26a08415ab8800000000f0583f811741383f80f740583f80275df31ffb8e70000000f056aff5f31f66a01" +
        "5a4531d26a3d580f0585c07fecebc0ffffffffffffffff";

    private const string Arm64 =
        "7f454c460201010000000000000000000200b7000100000078004000000000004000000000000000000000000000000000000000400038000100000000000000" +
        "0100000005000000000000000000000000004000000000000000400000000000f800000000000000f8000000000000000000010000000000000080d2a1030010" +
        "020080d2030180d2e81080d2010000d400030010010080d2020080d2030180d2281180d2010000d41f440071000100541f3c0071600000541f080071a1feff54" +
        "000080d2c80b80d2010000d400008092010080d2220080d2030080d2882080d2010000d41f0000712cffff54e9ffff17ffffffffffffffff";

    /// <summary>The ELF file for an architecture in the engine's naming.</summary>
    public static byte[] For(string architecture) => architecture switch
    {
        "amd64" or "x86_64" => Convert.FromHexString(Amd64),
        "arm64" or "aarch64" => Convert.FromHexString(Arm64),
        _ => throw new PlatformNotSupportedException($"There is no sandbox program for {architecture}."),
    };

    /// <summary>Names the program's content: another program is another image.</summary>
    public static string HashOf(byte[] program) => Convert.ToHexStringLower(SHA256.HashData(program))[..12];
}
