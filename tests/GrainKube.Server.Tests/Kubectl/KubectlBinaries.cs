namespace GrainKube.Server.Tests.Kubectl;

/// <summary>
/// The kubectl programs that the tests use: those of <c>GRAINKUBE_KUBECTL_127</c> and <c>GRAINKUBE_KUBECTL_133</c>, else <c>kubectl.1.27</c> and <c>kubectl.1.33</c>
/// beside the machine's kubectl, else that one alone.
/// </summary>
internal static class KubectlBinaries
{
    private static readonly IReadOnlyDictionary<string, string> Found = Find();

    public static TheoryData<string> Versions => [.. Found.Keys];

    public static string Newest => Found.Keys.Last();

    /// <summary>The distribution's where <c>GRAINKUBE_KUBECTL_OLD</c> names it, else the oldest of the others.</summary>
    public static string Oldest => Environment.GetEnvironmentVariable("GRAINKUBE_KUBECTL_OLD") is { Length: > 0 } ? "old" : Found.Keys.First();

    /// <summary>Before 1.31 they stream over SPDY, later over WebSocket.</summary>
    public static IEnumerable<string> All => Found.Keys;

    public static string PathOf(string version) => version == "old" ? Environment.GetEnvironmentVariable("GRAINKUBE_KUBECTL_OLD")! : Found[version];

    private static SortedDictionary<string, string> Find()
    {
        var machine = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No kubectl is installed; infra/test.sh installs one.");
        var folder = Path.GetDirectoryName(new FileInfo(machine).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? machine)!;
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var version in (string[])["1.27", "1.33"])
        {
            var named = Environment.GetEnvironmentVariable("GRAINKUBE_KUBECTL_" + version.Replace(".", "", StringComparison.Ordinal));
            var path = string.IsNullOrEmpty(named) ? Path.Combine(folder, "kubectl." + version) : named;
            if (File.Exists(path))
            {
                found[version] = path;
            }
        }

        if (found.Count == 0)
        {
            found["machine"] = machine;
        }

        return found;
    }
}
