using Xunit;

namespace GrainKube.Architecture.Tests.Files;

public sealed class FileTests
{
    private const int Longest = 500;

    [Fact]
    public void No_file_is_longer_than_500_lines()
    {
        var lengths = Repository.Sources("src").Concat(Repository.Sources("tests")).Select(f => (File: f, Lines: File.ReadLines(Path.Combine(Repository.Root, f)).Count()));

        Assert.DoesNotContain(lengths, f => f.Lines > Longest);
    }

    // What has no tests of its own is there for those of others, or is composition that whole-server tests cover.
    [Fact]
    public void Every_project_has_its_mirrored_tests() => Assert.Equal(
        ["GrainKube.Testing"],
        Repository.Projects("src").Where(p => !Directory.Exists(Path.Combine(Repository.Root, "tests", p + ".Tests"))).Order());

    [Fact]
    public void Folders_are_named_after_what_is_in_them() => Assert.Empty(
        Repository.Sources("src").SelectMany(f => f.Split(Path.DirectorySeparatorChar)[..^1])
            .Intersect(["Common", "Utils", "Helpers", "Models", "Interfaces", "Abstractions", "Managers"]));
}
