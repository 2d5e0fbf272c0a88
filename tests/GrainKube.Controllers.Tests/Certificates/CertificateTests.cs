using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Tests.Wire;
using GrainKube.Objects.Client;
using GrainKube.Resources.Certificates;
using GrainKube.Security.Pki;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Certificates;

[Collection(ClusterTests.Name)]
public sealed class CertificateTests(ClusterFixture fixture)
{
    private const string Kubelet = "kubernetes.io/kube-apiserver-client-kubelet";

    [Fact]
    public async Task What_is_approved_is_signed_for_the_key_of_whoever_asked()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        using var key = RSA.Create(2048);
        var asked = new CertificateRequest("CN=jane,O=devs", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        await CreateAsync(ns.Name, "kubernetes.io/kube-apiserver-client", asked.CreateSigningRequestPem(), ["client auth", "digital signature"], 600);
        await ApproveAsync(ns.Name);
        var signed = await ns.EventuallyOneAsync<V1CertificateSigningRequest>(ns.Name, r => r.Status?.Certificate is { Length: > 0 });
        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(signed.Status.Certificate));
        Assert.Equal("CN=jane, O=devs", certificate.Subject);
        Assert.True(certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()));
        Assert.Equal(TimeSpan.FromMinutes(15), certificate.NotAfter - certificate.NotBefore); // ten, and five for clocks that are late
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value));
    }

    [Fact]
    public async Task A_key_of_edwards_curve_is_signed_as_well()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var (_, signer) = Ed25519.NewKey();
        var asked = new CertificateRequest(new X500DistinguishedName("CN=jane"), signer.PublicKey, HashAlgorithmName.SHA512).CreateSigningRequestPem(signer);
        await CreateAsync(ns.Name, "kubernetes.io/kube-apiserver-client", asked, ["client auth", "digital signature"], 600);
        await ApproveAsync(ns.Name);
        var signed = await ns.EventuallyOneAsync<V1CertificateSigningRequest>(ns.Name, r => r.Status?.Certificate is { Length: > 0 });
        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(signed.Status.Certificate));
        Assert.Equal(signer.PublicKey.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task What_its_signer_does_not_sign_has_failed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await CreateAsync(ns.Name, "kubernetes.io/kubelet-serving", Request("CN=system:node:n1,O=system:nodes"), ["server auth", "digital signature"]);
        await ApproveAsync(ns.Name);
        await ns.EventuallyOneAsync<V1CertificateSigningRequest>(ns.Name, r => r.Status?.Conditions?.Any(
            c => c is { Type: "Failed", Reason: "SignerValidationFailure", Message: "DNS or IP subjectAltName is required" }) == true);
    }

    [Fact]
    public async Task Nodes_that_ask_for_themselves_and_bootstrappers_are_approved_and_others_are_not()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await BindAsync($"{ns.Name}-self", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", $"system:node:{ns.Name}");
        await BindAsync($"{ns.Name}-new", "system:certificates.k8s.io:certificatesigningrequests:nodeclient", $"system:bootstrap:{ns.Name}");
        var request = Request($"CN=system:node:{ns.Name},O=system:nodes");
        await CreateAsync($"{ns.Name}-stranger", Kubelet, request, ["client auth", "digital signature"], user: new UserInfo { Name = "joe" });
        await CreateAsync($"{ns.Name}-self", Kubelet, request, ["client auth", "digital signature"], user: new UserInfo { Name = $"system:node:{ns.Name}", Groups = ["system:nodes"] });
        await CreateAsync($"{ns.Name}-new", Kubelet, request, ["client auth", "digital signature"], user: new UserInfo { Name = $"system:bootstrap:{ns.Name}" });
        await IssuedAsync(ns, $"{ns.Name}-self", "Auto approving self kubelet client certificate after SubjectAccessReview.");
        await IssuedAsync(ns, $"{ns.Name}-new", "Auto approving kubelet client certificate after SubjectAccessReview.");
        Assert.Null((await fixture.Cluster.GetAsync(ns.Key<V1CertificateSigningRequest>($"{ns.Name}-stranger")))!.ToNode()["status"]?["conditions"]);
    }

    [Theory]
    [InlineData("example", "[\"client auth\"]", "spec.signerName: Invalid value: \"example\": must be a fully qualified domain and path of the form 'example.com/signer-name'")]
    [InlineData("kubernetes.io/legacy-unknown", "[\"client auth\"]", "spec.signerName: Invalid value: \"kubernetes.io/legacy-unknown\": the legacy signerName is not allowed via this API version")]
    [InlineData("example/x", "[]", "[spec.usages: Required value: usages must be provided, spec.signerName: Invalid value: \"example\": should be a domain with at least two segments separated by dots]")]
    public async Task A_request_must_be_whole(string signer, string usages, string message)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => CreateAsync("whole", signer, Request("CN=a"), [.. JsonNode.Parse(usages)!.AsArray().Select(u => (string)u!)]));
        Assert.Equal($"CertificateSigningRequest.certificates.k8s.io \"whole\" is invalid: {message}", refused.Message);
    }

    [Fact]
    public async Task The_parts_of_a_request_are_read_and_changed_by_themselves()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await CreateAsync(ns.Name, "example.com/own", Request("CN=a"), ["any"]);
        var path = $"/apis/certificates.k8s.io/v1/certificatesigningrequests/{ns.Name}";
        using var client = WireClient.Admin(fixture.Cluster);
        Assert.Equal("CertificateSigningRequest", (await client.GetAsync($"{path}/approval")).Text("kind"));
        var approval = await client.MergeAsync($"{path}/approval", """{"metadata":{"annotations":{"a":"b"}},"status":{"conditions":[{"type":"Seen","status":"True","reason":"Test"}]}}""");
        Assert.Equal(("b", "Seen"), (approval.Text("metadata", "annotations", "a"), (string?)approval.Body["status"]!["conditions"]![0]!["type"]));
        Assert.NotNull((string?)approval.Body["status"]!["conditions"]![0]!["lastUpdateTime"]);
        var certificate = Convert.ToBase64String(Encoding.ASCII.GetBytes(fixture.Cluster.Service<CertificateAuthority>().CertificatePem));
        var status = await client.MergeAsync($"{path}/status", $$"""{"metadata":{"annotations":{"c":"d"} },"status":{"certificate":"{{certificate}}"} }""");
        Assert.Equal(("d", certificate), (status.Text("metadata", "annotations", "c"), status.Text("status", "certificate")));
        var again = await client.MergeAsync($"{path}/status", $$"""{"status":{"certificate":"{{Convert.ToBase64String("x"u8)}}"} }""");
        Assert.Equal(422, again.Code);
        var decided = await client.MergeAsync($"{path}/status", """{"status":{"conditions":[{"type":"Seen","status":"True"},{"type":"Approved","status":"True"}]}}""");
        Assert.Contains("updates may not add a condition of type \"Approved\"", decided.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_stands()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await CreateAsync(ns.Name, "example.com/own", Request("CN=a"), ["any"]);
        await ApproveAsync(ns.Name);
        var key = ns.Key<V1CertificateSigningRequest>(ns.Name);
        var withdrawn = await Assert.ThrowsAsync<ApiException>(() => fixture.Cluster.PatchAsync(key, """{"status":{"conditions":[]}}""", "approval"));
        Assert.Contains("updates may not remove a condition of type \"Approved\"", withdrawn.Message, StringComparison.Ordinal);
        var both = await Assert.ThrowsAsync<ApiException>(() => fixture.Cluster.PatchAsync(key, """{"status":{"conditions":[{"type":"Approved","status":"True"},{"type":"Denied","status":"True"}]}}""", "approval"));
        Assert.Contains("Approved and Denied conditions are mutually exclusive", both.Message, StringComparison.Ordinal);
    }

    private static string Request(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    private Task<KubeObject> CreateAsync(string name, string signer, string pem, string[] usages, int? seconds = null, UserInfo? user = null)
    {
        var spec = new JsonObject { ["signerName"] = signer, ["request"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)), ["usages"] = new JsonArray([.. usages.Select(u => (JsonNode)u)]) };
        if (seconds is not null)
        {
            spec["expirationSeconds"] = seconds;
        }

        var item = new JsonObject { ["apiVersion"] = "certificates.k8s.io/v1", ["kind"] = "CertificateSigningRequest", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
        var client = user is null ? fixture.Cluster.Objects : fixture.Cluster.Service<ObjectClientFactory>().For(user);
        return client.CreateAsync(item, CancellationToken.None);
    }

    private Task ApproveAsync(string name) => fixture.Cluster.PatchAsync(
        fixture.Cluster.Objects.KeyOf<V1CertificateSigningRequest>("", name), """{"status":{"conditions":[{"type":"Approved","status":"True","reason":"Test","message":"yes"}]}}""", "approval");

    private Task BindAsync(string name, string role, string user) => fixture.Cluster.ApplyAsync(Sample.Parse(
        $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"{{name}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{role}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}"""));

    private static Task IssuedAsync(TestNamespace ns, string name, string message) => ns.EventuallyOneAsync<V1CertificateSigningRequest>(
        name, r => r.Status?.Certificate is { Length: > 0 } && r.Status.Conditions.Any(c => c is { Type: "Approved", Reason: "AutoApproved" } && c.Message == message));
}
