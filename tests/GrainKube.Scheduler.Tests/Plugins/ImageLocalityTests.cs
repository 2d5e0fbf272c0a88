using GrainKube.Scheduler.Plugins;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Scheduler.Tests.Plugins;

public sealed class ImageLocalityTests
{
    private const long Megabyte = 1024 * 1024;
    private readonly SchedulerWorld world = new();

    [Fact]
    public void A_node_that_has_the_image_is_better_and_a_small_image_is_nothing()
    {
        Node("has", ("app:1", 523 * Megabyte));
        Node("has-not", ("other:1", 523 * Megabyte));
        Node("small", ("app:1", 20 * Megabyte));

        // Two of three nodes have it: that takes a third off.
        Assert.Equal([33, 0, 0], Scores());
    }

    [Fact]
    public void Where_no_node_tells_its_images_nothing_is_scored()
    {
        world.Node("a");
        Assert.True(new ImageLocality(world.Table).Skips(world.Pod("p")));
        Node("a", ("app:1", 523 * Megabyte));
        Assert.False(new ImageLocality(world.Table).Skips(world.Pod("p")));
        world.Table.Remove("a");
        Assert.True(new ImageLocality(world.Table).Skips(world.Pod("p")));
    }

    [Theory]
    [InlineData("nginx", "nginx:latest")]
    [InlineData("nginx:1", "nginx:1")]
    [InlineData("registry:5000/nginx", "registry:5000/nginx:latest")]
    [InlineData("nginx@sha256:0123", "nginx@sha256:0123")]
    public void An_image_without_a_tag_is_the_latest(string image, string asReported) => Assert.Contains(
        asReported, world.Pod("p", spec: $$""" "initContainers":[{"name":"i","image":"{{image}}"}]""").Images);

    private void Node(string name, (string Image, long Size) image) => world.Table.Set(Sample.Object("", "nodes", Sample.Parse($$"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{name}}"},"status":{"allocatable":{"cpu":"1"},"images":[{"names":["{{image.Image}}"],"sizeBytes":{{image.Size}} }]} }
        """)));

    private long[] Scores()
    {
        var scores = new long[world.Table.Nodes.Count];
        new ImageLocality(world.Table).Score(world.Pod("p"), [.. world.Table.Nodes], scores);
        return scores;
    }
}
