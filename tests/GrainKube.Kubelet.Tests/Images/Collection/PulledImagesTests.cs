using GrainKube.Kubelet.Images.Collection;

namespace GrainKube.Kubelet.Tests.Images.Collection;

public sealed class PulledImagesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly string directory = Directory.CreateTempSubdirectory("grainkube-pulled-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void What_was_pulled_is_known_to_the_next_kubelet()
    {
        new PulledImages(directory).Pulled("sha256:1", before: null, ["web:1"], Now);

        var known = Assert.Single(new PulledImages(directory).All());
        Assert.Equal(("sha256:1", Now), (known.Key, known.Value.PulledAt));
        Assert.Equal(["web:1"], known.Value.Names);
    }

    [Fact]
    public void An_image_that_was_there_before_is_not_this_nodes()
    {
        var images = new PulledImages(directory);
        images.Pulled("sha256:1", before: ["built:here"], ["built:here", "web:1"], Now);

        Assert.Empty(images.All());
    }

    [Fact]
    public void A_second_name_by_a_second_pull_is_this_nodes_too_but_not_one_that_somebody_gave()
    {
        var images = new PulledImages(directory);
        images.Pulled("sha256:1", before: null, ["web:1"], Now);
        images.Pulled("sha256:1", before: ["web:1", "mine:1"], ["web:1", "mine:1", "web:2"], Now);

        Assert.Equal(["web:1", "web:2"], images.All()["sha256:1"].Names);
    }

    [Fact]
    public void A_file_that_was_cut_short_counts_as_none()
    {
        File.WriteAllText(Path.Combine(directory, "pulled-images.json"), """{"sha256:1":{"Pul""");

        Assert.Empty(new PulledImages(directory).All());
    }
}
