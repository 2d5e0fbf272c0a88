using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GrainKube.Security.Pki;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Security.Tests.Pki;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PkiTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly string directory = Directory.CreateTempSubdirectory("grainkube-pki").FullName;
    private readonly FakeTimeProvider time = new(Start);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Secrets_are_made_once_and_only_their_owner_may_read_them()
    {
        using var first = await LoadAsync();
        using var second = await LoadAsync();

        Assert.Equal(first.Authority.CertificatePem, second.Authority.CertificatePem);
        Assert.Equal(first.ServiceAccountKey.ExportSubjectPublicKeyInfo(), second.ServiceAccountKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(["ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "sa.key"], Directory.GetFiles(directory).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(directory), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Silos_that_start_at_once_agree()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(LoadAsync)));
        Assert.Single(all.Select(s => s.Authority.CertificatePem).Distinct());
        Assert.All(all, s => s.Dispose());
    }

    [Fact]
    public async Task A_certificate_of_another_key_is_refused()
    {
        (await LoadAsync()).Dispose();
        await File.WriteAllTextAsync(Path.Combine(directory, "ca.key"), CertificateAuthority.NewKey());
        await Assert.ThrowsAsync<CryptographicException>(LoadAsync);
    }

    [Fact]
    public async Task A_client_is_known_by_its_certificate()
    {
        using var secrets = await LoadAsync();
        var user = new ClientCertificates(secrets.Authority, time).Identify(secrets.Authority.IssueClient("jane", ["devs", "ops"], TimeSpan.FromDays(1)).Certificate);

        Assert.Equal("jane", user!.Name);
        Assert.Equal(["devs", "ops", "system:authenticated"], user.Groups.Order());
    }

    [Fact]
    public async Task Strangers_servers_and_the_expired_are_not_clients()
    {
        using var secrets = await LoadAsync();
        using var key = CertificateAuthority.LoadKey(CertificateAuthority.NewKey());
        using var other = new CertificateAuthority(CertificateAuthority.SelfSign(key, time), key, time);
        var clients = new ClientCertificates(secrets.Authority, time);

        Assert.Null(clients.Identify(other.IssueClient("jane", ["system:masters"], TimeSpan.FromDays(1)).Certificate));
        Assert.Null(clients.Identify(secrets.Authority.IssueServer("jane", ["localhost"], TimeSpan.FromDays(1)).Certificate));
        var brief = secrets.Authority.IssueClient("jane", [], TimeSpan.FromDays(1)).Certificate;
        Assert.NotNull(clients.Identify(brief));
        time.Advance(TimeSpan.FromDays(2));
        Assert.Null(clients.Identify(brief));
    }

    [Fact]
    public async Task A_serving_certificate_carries_its_names()
    {
        using var secrets = await LoadAsync();
        using var server = new ServerCertificate(secrets.Authority, ServerCertificate.NamesFor("node-1", "192.0.2.7", "10.96.0.1", ["api.example.org"]), [], time);
        foreach (var name in (string[])["localhost", "node-1", "kubernetes.default.svc.cluster.local", "api.example.org"])
        {
            Assert.True(server.Current.MatchesHostname(name), name);
        }

        var addresses = server.Current.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses();
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("192.0.2.7"), IPAddress.Parse("10.96.0.1")], addresses);
    }

    [Fact]
    public async Task A_serving_certificate_is_renewed_at_two_thirds_of_its_life()
    {
        using var secrets = await LoadAsync();
        using var server = new ServerCertificate(secrets.Authority, ["localhost"], [], time);
        var first = server.Current;
        time.Advance(TimeSpan.FromDays(240));
        Assert.Same(first, server.Current);
        time.Advance(TimeSpan.FromDays(4));
        Assert.NotEqual(first.SerialNumber, server.Current.SerialNumber);
        Assert.True(server.Current.NotAfter > first.NotAfter);
    }

    [Fact]
    public async Task Tls_with_client_certificate_works_end_to_end()
    {
        using var secrets = await ClusterSecrets.LoadAsync(new FileVault(directory), TimeProvider.System, CancellationToken.None);
        using var server = new ServerCertificate(secrets.Authority, ["localhost"], [secrets.Authority, secrets.FrontProxyAuthority], TimeProvider.System);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = listener.AcceptTcpClientAsync();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var serverSide = new SslStream((await accepted).GetStream());
        using var clientSide = new SslStream(client.GetStream());
        var certificate = secrets.Authority.IssueClient("jane", [], TimeSpan.FromDays(1)).Certificate;
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(secrets.Authority.CertificatePem));
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        X509Certificate Choose(object sender, string host, X509CertificateCollection own, X509Certificate? remote, string[] issuers)
        {
            asked.UnionWith(issuers);
            return issuers.Length == 0 ? null! : certificate; // asked before the server has spoken, and again when it has
        }

        await Task.WhenAll(
            serverSide.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = server.Context, ClientCertificateRequired = true, RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }),
            clientSide.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", LocalCertificateSelectionCallback = Choose, CertificateChainPolicy = trust }));

        Assert.Equal(["CN=front-proxy-ca", "CN=kubernetes"], asked);

        var user = new ClientCertificates(secrets.Authority, TimeProvider.System).Identify((X509Certificate2)serverSide.RemoteCertificate!);
        Assert.Equal("jane", user?.Name);
    }

    [Fact]
    public async Task The_kubeconfig_is_private_and_holds_what_a_client_needs()
    {
        using var secrets = await LoadAsync();
        var path = await AdminKubeconfig.WriteAsync(directory, new Uri("https://127.0.0.1:6443"), secrets.Authority, CancellationToken.None);
        var config = await File.ReadAllTextAsync(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Contains("server: https://127.0.0.1:6443\n", config, StringComparison.Ordinal);
        var client = k8s.KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
        Assert.Equal("https://127.0.0.1:6443", client.Host);
        var embedded = X509Certificate2.CreateFromPem(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(client.ClientCertificateData)));
        Assert.Contains("system:masters", new ClientCertificates(secrets.Authority, time).Identify(embedded)!.Groups);
    }

    private Task<ClusterSecrets> LoadAsync() => ClusterSecrets.LoadAsync(new FileVault(directory), time, CancellationToken.None);
}
