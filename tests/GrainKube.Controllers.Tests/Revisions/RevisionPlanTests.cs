using System.Text.Json.Nodes;
using GrainKube.Controllers.Revisions;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Controllers.Tests.Revisions;

public sealed class RevisionPlanTests
{
    private static readonly JsonNode Template = JsonNode.Parse("""{"spec":{"containers":[{"name":"a","image":"i"}]},"metadata":{"labels":{"z":"1","a":"2"} } }""")!;

    [Fact]
    public void Data_is_a_patch_that_puts_the_template_back_written_as_go_writes_maps() => Assert.Equal(
        """{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"a":"2","z":"1"}},"spec":{"containers":[{"image":"i","name":"a"}]}}}}""",
        RevisionData.Of(Template).ToJsonString());

    [Fact]
    public void The_template_comes_back_out() => Assert.True(JsonNode.DeepEquals(Template, RevisionData.Template(RevisionData.Of(Template))));

    [Fact]
    public void A_new_template_is_one_more_than_the_newest() => Assert.Equal((null, 4), Place("n", ("a", 1, "x"), ("b", 3, "y")));

    [Fact]
    public void A_template_that_comes_back_moves_to_the_end() => Assert.Equal(("a", 4), Place("x", ("a", 1, "x"), ("b", 3, "y")));

    [Fact]
    public void The_newest_stays_where_it_is() => Assert.Equal(("b", 3), Place("y", ("a", 1, "x"), ("b", 3, "y")));

    [Fact]
    public void Of_several_that_remember_the_same_the_newest_counts()
    {
        var plan = RevisionPlan.For([Revision("a", 1, "x"), Revision("b", 2, "x"), Revision("c", 1, "y")], JsonNode.Parse("\"x\"")!);

        Assert.Equal(("b", 2), (plan.Present!.Name, plan.Number));
        Assert.Equal(["a"], plan.Duplicates.Select(r => r.Name));
    }

    [Fact]
    public void Live_revisions_do_not_count_against_the_limit() => Assert.Equal(
        ["a"],
        RevisionPlan.Superfluous([Revision("a", 1, "1"), Revision("b", 2, "2"), Revision("c", 3, "3"), Revision("d", 4, "4")], r => r.Name is "b" or "d", 1).Select(r => r.Name));

    private static (string?, long) Place(string data, params (string Name, long Number, string Data)[] history)
    {
        var plan = RevisionPlan.For(history.Select(h => Revision(h.Name, h.Number, h.Data)), JsonNode.Parse($"\"{data}\"")!);
        return (plan.Present?.Name, plan.Number);
    }

    private static Revision Revision(string name, long number, string data) => Controllers.Revisions.Revision.Of(Sample.Object(
        "apps", "controllerrevisions", Sample.Parse($$"""{"apiVersion":"apps/v1","kind":"ControllerRevision","metadata":{"name":"{{name}}","namespace":"n"},"data":"{{data}}","revision":{{number}} }""")));
}
