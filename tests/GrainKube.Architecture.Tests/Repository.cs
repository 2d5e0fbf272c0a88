using System.Runtime.CompilerServices;

namespace GrainKube.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>Project names of <c>src</c> or <c>tests</c>.</summary>
    public static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(Root, folder)).Where(d => Directory.EnumerateFiles(d, "*.csproj").Any()).Select(d => Path.GetFileName(d)!);

    public static string ProjectFile(string folder, string project) => File.ReadAllText(Path.Combine(Root, folder, project, project + ".csproj"));

    /// <summary>C# files, paths from the root, without what the build made.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file)
        let parts = path.Split(Path.DirectorySeparatorChar)
        where !parts.Contains("obj") && !parts.Contains("bin")
        select path;

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
