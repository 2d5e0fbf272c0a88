using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace GrainKube.Benchmarks;

/// <summary>
/// What protection adds to a create: a server whose user has a role, which records requests at level Metadata and asks an admission policy in CEL, beside one whose user may do everything and
/// which does neither. In turns, so that both see the same machine.
/// </summary>
internal static class AdmissionCase
{
    private const int Rounds = 4;
    private const int Pods = 4000;
    private const string Flags = "--no-node --controllers *,-podgc";

    public static async Task RunAsync(string executable, Table table)
    {
        var files = Directory.CreateTempSubdirectory("grainkube-bench-audit-");
        try
        {
            var policy = Path.Combine(files.FullName, "policy.yaml");
            await File.WriteAllTextAsync(policy, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- {level: Metadata}\n");
            await using var plain = await ServerProcess.StartAsync(executable, Flags);
            await using var guarded = await ServerProcess.StartAsync(executable, $"{Flags} --audit-policy-file {policy} --audit-log-path {Path.Combine(files.FullName, "audit.log")}");
            using var master = plain.NewClient();
            using var admin = guarded.NewClient();
            using var jane = await UserAsync(guarded, admin);
            await PolicyAsync(admin);
            await Load.NamespaceAsync(master, "bench");
            await Load.NamespaceAsync(admin, "bench");
            var (free, watched) = (new Cost(plain, master), new Cost(guarded, admin));
            for (var round = 0; round <= Rounds; round++)
            {
                var first = round * Pods;
                if (round == 0)
                {
                    await CreateAsync(master, first);
                    await CreateAsync(jane, first);
                    continue;
                }

                await free.OfAsync(Pods, () => CreateAsync(master, first));
                await watched.OfAsync(Pods, () => CreateAsync(jane, first));
            }

            table.Add("embedded", "create a 2 KB Pod, system:masters", free.ToString(), "");
            table.Add("embedded", "the same with a role, audit and a CEL policy", watched.ToString(), "");
            table.Add("embedded", "added", string.Create(CultureInfo.InvariantCulture, $"{(watched.Microseconds / free.Microseconds * 100) - 100:F0} %"), "20 %");
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static Task<string> CreateAsync(HttpClient http, int first) =>
        Load.MeasureAsync(Pods, 32, i => Load.SendAsync(http, HttpMethod.Post, "/api/v1/namespaces/bench/pods", Bodies.Pod($"p-{first + i}")));

    private static async Task PolicyAsync(HttpClient admin)
    {
        const string group = "/apis/admissionregistration.k8s.io/v1";
        await Load.SendAsync(admin, HttpMethod.Post, $"{group}/validatingadmissionpolicies", """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy","metadata":{"name":"bench"},"spec":{"failurePolicy":"Fail",
            "matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE","UPDATE"],"resources":["pods"]}]},
            "validations":[{"expression":"object.spec.containers.all(c, c.image.startsWith('example.com/'))","message":"images are ours"},
            {"expression":"!has(object.spec.hostNetwork) || !object.spec.hostNetwork"},{"expression":"object.metadata.labels.all(k, size(k) < 64)"}]}}
            """);
        await Load.SendAsync(admin, HttpMethod.Post, $"{group}/validatingadmissionpolicybindings", """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding","metadata":{"name":"bench"},"spec":{"policyName":"bench","validationActions":["Deny"]}}
            """);
    }

    /// <summary>A client for somebody who may do what a role says, with a certificate of the cluster's own authority.</summary>
    private static async Task<HttpClient> UserAsync(ServerProcess server, HttpClient admin)
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1";
        await Load.SendAsync(admin, HttpMethod.Post, $"{rbac}/clusterroles", """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"bench"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","create"]}]}
            """);
        await Load.SendAsync(admin, HttpMethod.Post, $"{rbac}/clusterrolebindings", """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"bench"},
            "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"bench"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"developers"}]}
            """);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=developers,CN=jane", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        const string path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        await Load.SendAsync(admin, HttpMethod.Post, path, new JsonObject
        {
            ["apiVersion"] = "certificates.k8s.io/v1",
            ["kind"] = "CertificateSigningRequest",
            ["metadata"] = new JsonObject { ["name"] = "jane" },
            ["spec"] = new JsonObject
            {
                ["request"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(request)), ["signerName"] = "kubernetes.io/kube-apiserver-client", ["usages"] = new JsonArray("client auth"),
            },
        }.ToJsonString());
        const string approval = """{"status":{"conditions":[{"type":"Approved","status":"True","reason":"Benchmark","message":"to measure"}]}}""";
        await Load.SendAsync(admin, HttpMethod.Patch, $"{path}/jane/approval", approval, "application/merge-patch+json");
        while (true)
        {
            if ((string?)JsonNode.Parse(await admin.GetStringAsync($"{path}/jane"))!["status"]?["certificate"] is { } signed)
            {
                using var issued = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(signed)));
                using var whole = issued.CopyWithPrivateKey(key);
                return server.NewClient(whole);
            }

            await Task.Delay(20);
        }
    }
}
