using GrainKube.Kubelet.Volumes;
using GrainKube.Resources.Certificates;

namespace GrainKube.Kubelet.Tests.Volumes;

public sealed class PodKeysTests
{
    [Theory]
    [InlineData("ECDSAP256", "1.2.840.10045.2.1")]
    [InlineData("ED25519", "1.3.101.112")]
    [InlineData("RSA3072", "1.2.840.113549.1.1.1")]
    public void A_key_comes_with_a_request_that_it_has_signed(string type, string algorithm)
    {
        var (key, request) = PodKeys.Make(type);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", key, StringComparison.Ordinal);
        Assert.Equal(algorithm, SignedRequests.Load(request).PublicKey.Oid.Value);
    }
}
