using GrainKube.Docker.Images;

namespace GrainKube.Docker.Tests.Images;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("busybox", "busybox", "latest")]
    [InlineData("busybox:1.36", "busybox", "1.36")]
    [InlineData("host:5000/app", "host:5000/app", "latest")]
    [InlineData("host:5000/team/app:v1", "host:5000/team/app", "v1")]
    [InlineData("host:5000/app@sha256:abc", "host:5000/app", "sha256:abc")]
    [InlineData("app:v1@sha256:abc", "app", "sha256:abc")]
    public void A_reference_has_a_name_and_one_version(string reference, string name, string version) =>
        Assert.Equal(new ImageReference(name, version), ImageReference.Parse(reference));
}
