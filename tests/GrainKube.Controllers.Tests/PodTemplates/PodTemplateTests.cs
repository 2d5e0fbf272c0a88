using System.Text.Json.Nodes;
using GrainKube.Controllers.PodTemplates;
using Xunit;

namespace GrainKube.Controllers.Tests.PodTemplates;

public sealed class PodTemplateTests
{
    private const string Template = """{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"x","image":"i"}]}}""";

    [Fact]
    public void The_hash_label_makes_no_difference() => Assert.True(PodTemplate.Same(
        JsonNode.Parse(Template), JsonNode.Parse(Template.Replace("\"a\":\"b\"", "\"a\":\"b\",\"pod-template-hash\":\"z\"", StringComparison.Ordinal))));

    [Fact]
    public void Another_image_does() => Assert.False(PodTemplate.Same(JsonNode.Parse(Template), JsonNode.Parse(Template.Replace("\"i\"", "\"j\"", StringComparison.Ordinal))));

    [Fact]
    public void The_order_of_members_does_not_change_the_name() => Assert.Equal(
        PodTemplate.Hash(JsonNode.Parse(Template)!, 0),
        PodTemplate.Hash(JsonNode.Parse("""{"spec":{"containers":[{"image":"i","name":"x"}]},"metadata":{"labels":{"a":"b"}}}""")!, 0));

    [Fact]
    public void A_collision_gives_another_name()
    {
        var template = JsonNode.Parse(Template)!;

        Assert.NotEqual(PodTemplate.Hash(template, 0), PodTemplate.Hash(template, 1));
        Assert.Matches("^[bcdfghjklmnpqrstvwxz2456789]{10}$", PodTemplate.Hash(template, 0));
    }
}
