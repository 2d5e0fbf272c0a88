using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Certificates;

public sealed class PodCertificateRequestValidatorTests : IDisposable
{
    private const string Resource = "podcertificaterequests.certificates.k8s.io";
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_request_is_signed_with_its_key_and_never_changes()
    {
        var made = Create();
        Assert.Empty(made.Errors);
        Assert.Equal(86400, (int)made.Item["spec"]!["maxExpirationSeconds"]!);
        Assert.EndsWith("field is immutable", Assert.Single(Update(made.Item, next => next["spec"]!["podName"] = "other", "").Errors), StringComparison.Ordinal);
        Assert.Empty(Update(made.Item, next => next["metadata"]!["labels"] = new JsonObject { ["a"] = "b" }, "").Errors);
        Assert.Equal(
            ["spec.stubPKCS10Request: Invalid value: \"<value omitted>\": must be a valid PKCS#10 certificate signing request, signed with its own key"],
            Create(spec => spec["stubPKCS10Request"] = "AAAA").Errors);
        Assert.Equal(["spec.maxExpirationSeconds: Invalid value: 60: must be in the range [3600, 7862400]"], Create(spec => spec["maxExpirationSeconds"] = 60).Errors);
        Assert.Equal(
            ["spec.maxExpirationSeconds: Invalid value: 86401: must be in the range [3600, 86400]"],
            Create(spec => (spec["signerName"], spec["maxExpirationSeconds"]) = ("kubernetes.io/x", 86401)).Errors);
    }

    [Fact]
    public void What_is_issued_is_what_was_asked_for()
    {
        var made = Create().Item;
        Assert.Empty(Update(made, next => next["status"] = Status("Issued", Chain(key, Sample.Now), Sample.Now)).Errors);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.EndsWith(
            "leaf certificate was not issued to the requested public key",
            Assert.Single(Update(made, next => next["status"] = Status("Issued", Chain(other, Sample.Now), Sample.Now)).Errors),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "must be set to the NotBefore time encoded in the leaf certificate",
            Assert.Single(Update(made, next => next["status"] = Status("Issued", Chain(key, Sample.Now), Sample.Now.AddMinutes(1))).Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_comes_to_one_end_and_stays_there()
    {
        var made = Create().Item;
        var denied = Update(made, next => next["status"] = Status("Denied", null, Sample.Now));
        Assert.Empty(denied.Errors);
        Assert.Equal(
            ["status: Invalid value: immutable after PodCertificateRequest is issued, denied, or failed"],
            Update(denied.Item, next => next["status"] = Status("Failed", null, Sample.Now)).Errors);
        Assert.Equal(
            ["status.conditions[0].type: Unsupported value: \"Pending\": supported values: \"Issued\", \"Denied\", \"Failed\""],
            Update(made, next => next["status"] = Status("Pending", null, Sample.Now)).Errors);
    }

    private static (JsonObject Item, string[] Errors) Update(JsonObject current, Action<JsonObject> change, string subresource = "status") =>
        Written.Update(Resource, current, change, subresource);

    private static JsonObject Status(string end, string? chain, DateTimeOffset from)
    {
        var status = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = end, ["status"] = "True", ["reason"] = "Because", ["message"] = "", ["lastTransitionTime"] = Text(Sample.Now) }),
        };
        if (chain is not null)
        {
            (status["certificateChain"], status["notBefore"], status["notAfter"], status["beginRefreshAt"]) = (chain, Text(from), Text(Sample.Now.AddHours(2)), Text(Sample.Now.AddHours(1)));
        }

        return status;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Chain(ECDsa key, DateTimeOffset from)
    {
        using var made = new CertificateRequest("CN=pod", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, from.AddHours(2));
        return made.ExportCertificatePem();
    }

    private (JsonObject Item, string[] Errors) Create(Action<JsonNode>? change = null)
    {
        var spec = new JsonObject
        {
            ["signerName"] = "example.com/signer", ["podName"] = "p", ["podUID"] = "1", ["serviceAccountName"] = "default", ["serviceAccountUID"] = "2", ["nodeName"] = "n", ["nodeUID"] = "3",
            ["stubPKCS10Request"] = Convert.ToBase64String(new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256).CreateSigningRequest()),
        };
        change?.Invoke(spec);
        return Written.Create(
            Resource, new JsonObject { ["apiVersion"] = "certificates.k8s.io/v1", ["kind"] = "PodCertificateRequest", ["metadata"] = new JsonObject { ["name"] = "r" }, ["spec"] = spec }.ToJsonString());
    }
}
