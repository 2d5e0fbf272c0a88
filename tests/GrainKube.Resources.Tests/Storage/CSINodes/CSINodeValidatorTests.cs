using Xunit;

namespace GrainKube.Resources.Tests.Storage.CSINodes;

public sealed class CSINodeValidatorTests
{
    private const string Resource = "csinodes.storage.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"spec":{"drivers":[{"name":"a.io","nodeID":"n","topologyKeys":["a.io/zone"]}]}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"drivers":[{"name":"a.io","nodeID":""},{"name":"a.io","nodeID":"n","topologyKeys":["z","z"],"allocatable":{"count":-1}}]}}""", "spec.drivers[0].nodeID: Required value", "spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0", "spec.drivers[1].name: Duplicate value: \"a.io\"", "spec.drivers[1]: Duplicate value: \"z\"")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"drivers":[{"name":"a.io","nodeID":"n"}]}}""", """{"spec":{"drivers":[{"name":"a.io","nodeID":"m","allocatable":{"count":3}}]}}""", "spec.drivers: Invalid value: {")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
