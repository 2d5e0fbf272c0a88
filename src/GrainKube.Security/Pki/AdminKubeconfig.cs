using System.Text;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Pki;

/// <summary>Writes the administrator's kubeconfig with a client certificate of its own, made anew at every start.</summary>
public static class AdminKubeconfig
{
    public const string FileName = "admin.kubeconfig";

    /// <param name="directory">The data directory.</param>
    /// <param name="server">For example <c>https://127.0.0.1:6443</c>.</param>
    /// <param name="authority">Signs the certificate and is what the client trusts.</param>
    /// <param name="cancel">Leaves the old file as it was.</param>
    /// <returns>The file's path.</returns>
    public static async Task<string> WriteAsync(string directory, Uri server, CertificateAuthority authority, CancellationToken cancel)
    {
        var client = authority.IssueClient("kubernetes-admin", [WellKnown.Masters], TimeSpan.FromDays(365));
        using var certificate = client.Certificate;
        var text = $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: grainkube
              cluster:
                certificate-authority-data: {Base64(authority.CertificatePem)}
                server: {server.GetLeftPart(UriPartial.Authority)}
            contexts:
            - name: grainkube
              context:
                cluster: grainkube
                user: grainkube-admin
            current-context: grainkube
            users:
            - name: grainkube-admin
              user:
                client-certificate-data: {Base64(client.CertificatePem)}
                client-key-data: {Base64(client.KeyPem)}

            """;
        PrivateFile.MakeDirectory(directory);
        var path = Path.Combine(directory, FileName);
        await PrivateFile.WriteAsync(path, Encoding.UTF8.GetBytes(text), replace: true, cancel);
        return path;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
