using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Certificates;

public sealed class ClusterTrustBundleValidatorTests
{
    private static readonly string Root = Certificate(authority: true);
    private static readonly string Leaf = Certificate(authority: false);

    [Theory]
    [InlineData("a:b:c", "a.b/c", "metadata.name: Invalid value: \"a:b:c\": ClusterTrustBundle for signerName a.b/c must be named with prefix a.b:c:")]
    [InlineData("a:b", "", "metadata.name: Invalid value: \"a:b\": ClusterTrustBundle without signer name must not have \":\" in its name")]
    [InlineData("a.b:c:d", "a.b/c", null)]
    [InlineData("a", "", null)]
    public void A_bundle_is_named_for_its_signer(string name, string signer, string? problem)
    {
        var errors = Create(name, signer, Root).Errors;
        Assert.Equal(problem, problem is null ? errors.FirstOrDefault() : errors.First(e => e == problem));
    }

    [Fact]
    public void A_bundle_holds_authorities_each_once()
    {
        Assert.Equal(["spec.trustBundle: Invalid value: \"<value omitted>\": at least one trust anchor must be provided"], Create("a", "", "garbage").Errors);
        Assert.Equal(["spec.trustBundle: Invalid value: \"<value omitted>\": entry 1 does not have the CA bit set"], Create("a", "", Root + "\nbetween\n" + Leaf).Errors);
        Assert.Equal(["spec.trustBundle: Invalid value: \"<value omitted>\": duplicate trust anchor (indices [0 1])"], Create("a", "", Root + "\n" + Root).Errors);
        Assert.Equal(
            ["spec.trustBundle: Invalid value: \"<value omitted>\": entry 0 has bad block type: PRIVATE KEY"],
            Create("a", "", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----").Errors);
    }

    [Fact]
    public void The_signer_stays()
    {
        var made = Create("a.b:c:d", "a.b/c", Root).Item;
        Assert.Contains(
            "spec.signerName: Invalid value: \"a.b/e\": field is immutable",
            Written.Update("clustertrustbundles.certificates.k8s.io", made, next => next["spec"]!["signerName"] = "a.b/e").Errors);
    }

    private static (JsonObject Item, string[] Errors) Create(string name, string signer, string bundle) => Written.Create(
        "clustertrustbundles.certificates.k8s.io",
        new JsonObject
        {
            ["apiVersion"] = "certificates.k8s.io/v1", ["kind"] = "ClusterTrustBundle", ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["signerName"] = signer, ["trustBundle"] = bundle },
        }.ToJsonString());

    private static string Certificate(bool authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, critical: true));
        using var made = request.CreateSelfSigned(Sample.Now, Sample.Now.AddDays(1));
        return made.ExportCertificatePem();
    }
}
