using Xunit;

namespace GrainKube.Resources.Tests.Storage.VolumeAttachments;

public sealed class VolumeAttachmentValidatorTests
{
    private const string Resource = "volumeattachments.storage.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"spec":{"attacher":"a.io","nodeName":"n","source":{"persistentVolumeName":"v"}}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"attacher":"","nodeName":"n","source":{}}}""", "spec.attacher: Invalid value: \"\": a lowercase RFC 1123 subdomain", "spec.attacher: Required value", "spec.attacher: Required value", "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"attacher":"a.io","nodeName":"n","source":{"inlineVolumeSpec":{"accessModes":["ReadWriteOnce"],"storageClassName":"x","capacity":{"storage":"1"}}}}}""", "spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes", "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes", "spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes", "spec.source.inlineVolumeSpec: Required value: must specify a volume type")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);
}
