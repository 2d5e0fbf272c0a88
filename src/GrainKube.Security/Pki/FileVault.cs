using System.Text;

namespace GrainKube.Security.Pki;

/// <summary>Secrets as files of mode 0600 in a directory of mode 0700.</summary>
public sealed class FileVault(string directory) : ISecretVault
{
    public async Task<string> GetOrCreateAsync(string name, Func<string> make, CancellationToken cancel)
    {
        var path = Path.Combine(directory, name);
        PrivateFile.MakeDirectory(directory);
        if (!File.Exists(path))
        {
            try
            {
                await PrivateFile.WriteAsync(path, Encoding.UTF8.GetBytes(make()), replace: false, cancel);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was first; its secret is the one.
            }
        }

        return await File.ReadAllTextAsync(path, cancel);
    }
}
