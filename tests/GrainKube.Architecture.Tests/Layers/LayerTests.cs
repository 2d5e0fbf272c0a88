using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace GrainKube.Architecture.Tests.Layers;

/// <summary>Who may know whom: the table of <c>docs/ARCHITECTURE.md</c>.</summary>
public sealed partial class LayerTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["GrainKube.ApiMachinery"] = [],
        ["GrainKube.Resources"] = ["ApiMachinery"],
        ["GrainKube.Security"] = ["ApiMachinery", "Resources"],
        ["GrainKube.Objects"] = ["ApiMachinery"],
        ["GrainKube.Reconciliation"] = ["Objects"],
        ["GrainKube.Etcd"] = ["Objects"],
        ["GrainKube.ApiServer"] = ["Objects", "Resources", "Security"],
        ["GrainKube.Controllers"] = ["Reconciliation", "Resources", "Security"],
        ["GrainKube.Scheduler"] = ["Reconciliation", "Resources"],
        ["GrainKube.Kubelet"] = ["Reconciliation", "Resources"],
        ["GrainKube.Networking"] = ["Reconciliation", "Resources"],
        ["GrainKube.Docker"] = ["Kubelet"],
        ["GrainKube.Hosting"] = ["ApiServer", "Controllers", "Docker", "Etcd", "Kubelet", "Networking", "Scheduler"],
        ["GrainKube.Server"] = ["Hosting"],
        ["GrainKube.Testing"] = ["Hosting"],
    };

    private static readonly string[] Siblings = ["GrainKube.ApiServer", "GrainKube.Controllers", "GrainKube.Scheduler", "GrainKube.Kubelet", "GrainKube.Networking"];

    public static TheoryData<string> Projects => [.. Repository.Projects("src")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may_know(string project)
    {
        Assert.True(MayKnow.TryGetValue(project, out var allowed), $"{project} is not in the table of layers.");
        var references = Reference().Matches(Repository.ProjectFile("src", project)).Select(m => m.Groups[1].Value);
        Assert.Empty(references.Except(allowed!.Select(a => "GrainKube." + a)));
    }

    // What the compiler saw, so that no reference slips in through a package or a linked file.
    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_lies_below_it(string project)
    {
        var used = Load(project).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("GrainKube.", StringComparison.Ordinal));
        Assert.Empty(used.Except(Below(project)));
    }

    [Fact]
    public void The_halves_of_the_control_plane_do_not_know_each_other()
    {
        foreach (var project in Siblings.Intersect(Repository.Projects("src")))
        {
            Assert.Empty(Below(project).Intersect(Siblings));
            Assert.Empty(Load(project).GetReferencedAssemblies().Select(a => a.Name).Intersect(Siblings));
        }
    }

    [Fact]
    public void Only_one_project_mentions_the_Docker_client()
    {
        var files = Repository.Sources("src").Where(f => File.ReadAllText(Path.Combine(Repository.Root, f)).Contains("Docker.DotNet", StringComparison.Ordinal));
        Assert.All(files, f => Assert.StartsWith(Path.Combine("src", "GrainKube.Docker") + Path.DirectorySeparatorChar, f));
        Assert.Equal(["GrainKube.Docker"], Repository.Projects("src").Where(p => Repository.ProjectFile("src", p).Contains("Docker.DotNet", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_hosting_composes_the_control_plane()
    {
        var composers = Repository.Projects("src").Where(p => Siblings.Count(s => Repository.ProjectFile("src", p).Contains(s + ".csproj", StringComparison.Ordinal)) > 1);
        Assert.Equal(["GrainKube.Hosting"], composers);
    }

    private static IEnumerable<string> Below(string project) => MayKnow[project].Select(a => "GrainKube." + a).SelectMany(a => Below(a).Append(a)).Distinct();

    private static Assembly Load(string project) => Assembly.Load(project == "GrainKube.Server" ? "grainkube" : project);

    [GeneratedRegex("""<ProjectReference Include="[^"]*?(GrainKube\.\w+)\.csproj""")]
    private static partial Regex Reference();
}
