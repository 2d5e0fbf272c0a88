using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.CommandLines;

public sealed class SecurityFlagsTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-security-");

    [Theory]
    [InlineData("--authorization-mode", "RBAC,Magic")]
    [InlineData("--authorization-mode", "Webhook")]
    [InlineData("--token-auth-file", "/nonexistent")]
    [InlineData("--authentication-config", "/nonexistent")]
    [InlineData("--oidc-issuer-url", "https://x")]
    [InlineData("--authentication-token-webhook-cache-ttl", "soon")]
    [InlineData("--admission-control-config-file", "/nonexistent")]
    public async Task A_flag_that_cannot_be_followed_is_one_line_and_code_2(string flag, string value)
    {
        var result = await Command.RunAsync(GrainkubeProcess.Path, ["server", "--no-node", "--data-dir", directory.FullName, flag, value]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(flag.StartsWith("--oidc", StringComparison.Ordinal) ? "--oidc-client-id" : flag, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_say_who_is_let_in_and_how_pods_must_be()
    {
        var (tokens, admission) = (Path.Combine(directory.FullName, "tokens.csv"), Path.Combine(directory.FullName, "admission.yaml"));
        await File.WriteAllTextAsync(tokens, "secret,jane,7,\"system:masters\"\n");
        await File.WriteAllTextAsync(admission, """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AdmissionConfiguration
            plugins:
            - name: PodSecurity
              configuration:
                apiVersion: pod-security.admission.config.k8s.io/v1
                kind: PodSecurityConfiguration
                defaults: {enforce: baseline, enforce-version: v1.30}
                exemptions: {namespaces: [kube-system]}
            """);
        await using var cluster = await ServerCluster.StartAsync("--runtime", "simulated", "--token-auth-file", tokens, "--admission-control-config-file", admission, "--authorization-mode", "RBAC,Node");
        using var jane = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = cluster.Address };
        jane.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        Assert.Contains("\"NamespaceList\"", await jane.GetStringAsync("/api/v1/namespaces"), StringComparison.Ordinal);

        var pod = Kubectl.Sample.Pod("it", Kubectl.Sample.Idle).Replace("spec:", "spec:\n  hostNetwork: true", StringComparison.Ordinal);
        var refused = (await cluster.Kubectl().RunWithAsync(pod, "apply", "-f", "-")).Fails();
        Assert.Contains("violates PodSecurity \"baseline:v1.30\": host namespaces (hostNetwork=true)", refused, StringComparison.Ordinal);
        Assert.Contains("created", (await cluster.Kubectl().RunWithAsync(pod, "apply", "-n", "kube-system", "-f", "-")).Ok(), StringComparison.Ordinal);
    }

    public void Dispose() => directory.Delete(recursive: true);
}
