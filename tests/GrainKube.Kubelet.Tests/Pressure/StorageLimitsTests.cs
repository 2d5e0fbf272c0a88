using GrainKube.Kubelet.Pressure;
using k8s;
using k8s.Models;

namespace GrainKube.Kubelet.Tests.Pressure;

public sealed class StorageLimitsTests
{
    private static readonly V1PodSpec Spec = KubernetesYaml.Deserialize<V1PodSpec>("""
        containers:
        - {name: a, image: i, resources: {limits: {ephemeral-storage: 10Mi}}}
        - {name: b, image: i, resources: {limits: {ephemeral-storage: 20Mi}}}
        volumes:
        - {name: cache, emptyDir: {sizeLimit: 15Mi}}
        - {name: free, emptyDir: {}}
        """);

    [Theory]
    [InlineData(9, 19, 0, 0, null)]
    [InlineData(0, 0, 16, 0, "Usage of EmptyDir volume \"cache\" exceeds the limit \"15Mi\". ")]
    [InlineData(11, 0, 0, 0, "Container a exceeded its local ephemeral storage limit \"10Mi\". ")]
    [InlineData(9, 9, 5, 9, "Pod ephemeral local storage usage exceeds the total limit of containers 30Mi. ")]
    public void Who_exceeds_a_limit_goes_with_upstreams_words(int a, int b, int cache, int free, string? complaint) =>
        Assert.Equal(complaint, Complaint(a, b, cache, free, oneDisk: true));

    [Fact]
    public void Of_a_container_only_the_log_counts_where_its_layer_is_on_another_disk() => Assert.Null(Complaint(11, 0, 0, 0, oneDisk: false));

    [Fact]
    public void A_pod_without_limits_is_not_measured()
    {
        Assert.True(StorageLimits.Any(Spec));
        Assert.False(StorageLimits.Any(new V1PodSpec { Containers = [new V1Container { Name = "a" }], Volumes = [new V1Volume { Name = "v", EmptyDir = new() }] }));
    }

    private static string? Complaint(int a, int b, int cache, int free, bool oneDisk) => StorageLimits.Complaint(
        Spec,
        [new ContainerUse("a", Written: Megabytes(a)), new ContainerUse("b", Written: Megabytes(b))],
        new Dictionary<string, DiskUse> { ["cache"] = Megabytes(cache), ["free"] = Megabytes(free) },
        oneDisk);

    private static DiskUse Megabytes(int count) => new((long)count << 20, 1);
}
