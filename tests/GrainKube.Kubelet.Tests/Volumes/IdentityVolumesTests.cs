using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Kubelet.Volumes;
using Microsoft.Extensions.Time.Testing;

namespace GrainKube.Kubelet.Tests.Volumes;

/// <summary>Whom a pod trusts, and what it proves itself with.</summary>
public sealed class IdentityVolumesTests : IAsyncLifetime
{
    private const string Signer = "example.com/signer";
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly string root = Directory.CreateTempSubdirectory("grainkube-identity-").FullName;
    private readonly TestNode node = new();
    private readonly PodVolumes volumes;

    public IdentityVolumesTests() =>
        volumes = new PodVolumes(new NodeOptions { Name = "node-1", PodCidr = "", NodeIp = "", RootDirectory = root }, new NoTokens(), node.Time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        foreach (var pod in volumes.PodsWithFiles())
        {
            await volumes.RemoveAsync(pod, CancellationToken.None); // what it keeps in memory is mounted
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Trust_anchors_come_by_name_or_by_signer_and_labels_each_once()
    {
        var (one, two) = (Certificate(), Certificate());
        Bundle("plain", "", one);
        Bundle("example.com:signer:a", Signer, one + "\nbetween\n" + two, "true");
        Bundle("example.com:signer:b", Signer, two, "false");
        var pod = await PodAsync($$"""
            {"clusterTrustBundle":{"name":"plain","path":"named"} },
            {"clusterTrustBundle":{"signerName":"{{Signer}}","labelSelector":{},"path":"all"} },
            {"clusterTrustBundle":{"signerName":"{{Signer}}","labelSelector":{"matchLabels":{"alive":"false"} },"path":"some"} },
            {"clusterTrustBundle":{"signerName":"{{Signer}}","optional":true,"path":"none"} },
            {"clusterTrustBundle":{"name":"absent","optional":true,"path":"absent"} }
            """);

        await volumes.MountAsync(pod, CancellationToken.None);

        Assert.Equal(one + "\n", Read(pod, "named"));
        Assert.Equal(new[] { one, two }.Order(StringComparer.Ordinal), Read(pod, "all").Split("-----END CERTIFICATE-----\n", StringSplitOptions.RemoveEmptyEntries).Select(c => c + "-----END CERTIFICATE-----"));
        Assert.Equal(two + "\n", Read(pod, "some"));
        Assert.Equal(("", ""), (Read(pod, "none"), Read(pod, "absent")));
    }

    [Fact]
    public async Task A_pod_waits_for_anchors_that_are_not_there()
    {
        var pod = await PodAsync($$"""{"clusterTrustBundle":{"signerName":"{{Signer}}","labelSelector":{},"path":"all"} }""");
        var refused = await Assert.ThrowsAsync<VolumeException>(() => volumes.MountAsync(pod, CancellationToken.None));
        Assert.EndsWith("combination of signerName and labelSelector matched zero ClusterTrustBundles", refused.Message, StringComparison.Ordinal);
        Assert.True(PodSources.Uses(pod.Object, new ObjectKey("certificates.k8s.io", "clustertrustbundles", "", "example.com:signer:new")));
        Assert.False(PodSources.Uses(pod.Object, new ObjectKey("certificates.k8s.io", "clustertrustbundles", "", "other")));
    }

    [Fact]
    public async Task A_certificate_is_asked_for_waited_for_and_asked_for_again_in_time()
    {
        node.View.Put(Parse("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1","uid":"n"}}"""));
        node.View.Put(Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"default","uid":"s"}}"""));
        var pod = await PodAsync($$"""{"podCertificate":{"signerName":"{{Signer}}","keyType":"ECDSAP256","credentialBundlePath":"both","keyPath":"key","certificateChainPath":"chain"} }""");

        var mounting = volumes.MountAsync(pod, CancellationToken.None);
        var asked = await RequestAsync();
        Assert.Equal(
            (Signer, "web", pod.Uid, "s", "n"),
            (asked["signerName"], asked["podName"], asked["podUID"], asked["serviceAccountUID"], asked["nodeUID"]) switch { var a => ((string)a.Item1!, (string)a.Item2!, (string)a.Item3!, (string)a.Item4!, (string)a.Item5!) });
        Issue();
        await mounting;

        Assert.Equal(Read(pod, "key") + Read(pod, "chain"), Read(pod, "both"));
        using var pair = X509Certificate2.CreateFromPem(Read(pod, "chain"), Read(pod, "key"));
        Assert.True(pair.HasPrivateKey);
        Assert.Equal(node.Time.GetUtcNow().AddMinutes(30), pod.Memory.VolumesRefreshAt);

        var first = Read(pod, "chain");
        ((FakeTimeProvider)node.Time).Advance(TimeSpan.FromMinutes(31));
        await volumes.MountAsync(pod, CancellationToken.None); // asks anew, and goes on with what it has
        Assert.Equal(first, Read(pod, "chain"));
        Issue();
        ((FakeTimeProvider)node.Time).Advance(TimeSpan.FromMinutes(1));
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.NotEqual(first, Read(pod, "chain"));
    }

    [Fact]
    public async Task A_refused_certificate_keeps_the_pod_from_starting()
    {
        node.View.Put(Parse("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1","uid":"n"}}"""));
        node.View.Put(Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"default","uid":"s"}}"""));
        var pod = await PodAsync($$"""{"podCertificate":{"signerName":"{{Signer}}","keyType":"RSA3072","keyPath":"key"} }""");

        var mounting = volumes.MountAsync(pod, CancellationToken.None);
        await RequestAsync();
        End("Denied", []);

        var refused = await Assert.ThrowsAsync<VolumeException>(() => mounting);
        Assert.EndsWith("was denied: Because: of something", refused.Message, StringComparison.Ordinal);
    }

    private async Task<JsonObject> RequestAsync()
    {
        await node.UntilAsync(() => node.View.All("podcertificaterequests").Any());
        return (JsonObject)node.View.All("podcertificaterequests").Single().ToNode()["spec"]!;
    }

    private void Issue()
    {
        var open = node.View.All("podcertificaterequests").Single(r => r.ToNode()["status"] is null);
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CertificateRequest.LoadSigningRequest(Convert.FromBase64String((string)open.ToNode()["spec"]!["stubPKCS10Request"]!), HashAlgorithmName.SHA256);
        var now = node.Time.GetUtcNow();
        var subject = new CertificateRequest(new X500DistinguishedName("CN=pod"), request.PublicKey, HashAlgorithmName.SHA256);
        using var made = subject.Create(new X500DistinguishedName("CN=ca"), X509SignatureGenerator.CreateForECDsa(authority), now, now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        End("Issued", new JsonObject
        {
            ["certificateChain"] = made.ExportCertificatePem(), ["notBefore"] = Text(now), ["notAfter"] = Text(now.AddHours(1)), ["beginRefreshAt"] = Text(now.AddMinutes(30)),
        });
    }

    private void End(string type, JsonObject status)
    {
        var open = node.View.All("podcertificaterequests").Single(r => r.ToNode()["status"] is null).ToNode();
        status["conditions"] = new JsonArray(new JsonObject { ["type"] = type, ["status"] = "True", ["reason"] = "Because", ["message"] = "of something" });
        open["status"] = status;
        node.View.Put(open);
    }

    private void Bundle(string name, string signer, string anchors, string alive = "") => node.View.Put(new JsonObject
    {
        ["apiVersion"] = "certificates.k8s.io/v1", ["kind"] = "ClusterTrustBundle", ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["alive"] = alive } },
        ["spec"] = new JsonObject { ["signerName"] = signer, ["trustBundle"] = anchors },
    });

    private string Read(PodContext pod, string file) =>
        File.ReadAllText(Path.Combine(volumes.MountsOf(pod, pod.Spec.Containers[0], 0, NoEnvironment).Single(m => m.ContainerPath == "/v").HostPath, file));

    private Task<PodContext> PodAsync(string sources) => node.PodAsync(
        $$"""{"containers":[{"name":"web","image":"nginx","volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v","projected":{"sources":[{{sources}}]} }]}""", "{}");

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=ca", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        return made.ExportCertificatePem();
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed class NoTokens : ITokenSource
    {
        public Task<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancel) => throw new InvalidOperationException("nobody asked for a token");
    }
}
