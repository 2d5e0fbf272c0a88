using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests;

public sealed class CredentialTests : IDisposable
{
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromSeconds(120));
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-test-");

    public void Dispose()
    {
        timeout.Dispose();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_user_with_a_password_may_write_and_watch_and_a_wrong_password_is_named()
    {
        await using var server = await EtcdServer.StartAsync("--auth-token-ttl=2");
        foreach (var command in (string[])["user add root:secret", "role add root", "user grant-role root root", "auth enable"])
        {
            await EtcdctlAsync(server, command);
        }

        await using var store = new EtcdObjectStore(new() { Endpoints = server.Endpoint, User = "root", Password = "secret" });
        var revision = (await store.CommitAsync(StoreTransaction.Create("/a", new byte[1]), timeout.Token)).Revision;
        await foreach (var batch in store.WatchAsync("/", revision - 1, timeout.Token))
        {
            Assert.Equal("/a", Assert.Single(batch.Items).Key);
            break;
        }

        await server.KillAsync(); // Simple tokens live in its memory: the old one is refused now.
        await server.StartProcessAsync();
        Assert.NotNull(await store.GetAsync("/a", timeout.Token));
        Assert.True((await store.CommitAsync(StoreTransaction.Update("/a", new byte[2], revision), timeout.Token)).Succeeded);

        await using var wrong = new EtcdObjectStore(new() { Endpoints = server.Endpoint, User = "root", Password = "guess" });
        Assert.Equal(StoreError.Unauthorized, (await Assert.ThrowsAsync<StoreException>(() => wrong.GetAsync("/a", timeout.Token))).Error);
        await using var nobody = new EtcdObjectStore(new() { Endpoints = server.Endpoint });
        Assert.Equal(StoreError.Unauthorized, (await Assert.ThrowsAsync<StoreException>(() => nobody.GetAsync("/a", timeout.Token))).Error);
    }

    [Fact]
    public async Task Certificates_are_shown_and_checked()
    {
        var (ca, certificate, key) = WriteCertificates("ca");
        await using var server = await EtcdServer.StartSecureAsync(ca, certificate, key);
        await using var store = new EtcdObjectStore(new() { Endpoints = server.Endpoint, CertificateAuthorityFile = ca, CertificateFile = certificate, KeyFile = key });
        Assert.True((await store.CommitAsync(StoreTransaction.Create("/a", new byte[1]), timeout.Token)).Succeeded);

        var (otherCa, _, _) = WriteCertificates("other");
        await using var doubtful = new EtcdObjectStore(new() { Endpoints = server.Endpoint, CertificateAuthorityFile = otherCa, CertificateFile = certificate, KeyFile = key });
        Assert.Equal(StoreError.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => doubtful.GetAsync("/a", timeout.Token))).Error);
        await using var unknown = new EtcdObjectStore(new() { Endpoints = server.Endpoint, CertificateAuthorityFile = ca });
        await Assert.ThrowsAsync<StoreException>(() => unknown.GetAsync("/a", timeout.Token));
    }

    private async Task EtcdctlAsync(EtcdServer server, string command)
    {
        var start = new ProcessStartInfo("etcdctl", $"--endpoints={server.Endpoint} {command}") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ETCDCTL_API"] = "3";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(timeout.Token);
        Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync(timeout.Token));
    }

    private (string Ca, string Certificate, string Key) WriteCertificates(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest($"CN={name}", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=etcd", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        using var leaf = request.Create(ca, now.AddHours(-1), now.AddMinutes(50), RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.crt", ca.ExportCertificatePem()), Write($"{name}-leaf.crt", leaf.ExportCertificatePem()), Write($"{name}-leaf.key", leafKey.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string pem)
    {
        var path = Path.Combine(directory.FullName, name);
        File.WriteAllText(path, pem);
        return path;
    }
}
