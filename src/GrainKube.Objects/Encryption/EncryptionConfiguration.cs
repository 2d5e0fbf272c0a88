using System.Security.Cryptography;
using GrainKube.ApiMachinery.Yaml;
using GrainKube.Objects.Encryption.Kms;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Encryption;

/// <summary>Which values of the store are encrypted, and with what (<c>EncryptionConfiguration</c> of <c>apiserver.config.k8s.io/v1</c>). Where plugins keep keys, it asks them while it lives.</summary>
public sealed class EncryptionConfiguration : IAsyncDisposable
{
    private EncryptionConfiguration(IReadOnlyList<EncryptionRule> rules, string hash)
    {
        (Rules, Hash) = (rules, hash);
        Ciphers = [.. rules.SelectMany(rule => rule.Ciphers).OfType<IValueCipher>()];
        Plugins = [.. Ciphers.OfType<KmsCipher>()];
    }

    /// <summary>True where plugins keep keys.</summary>
    public bool UsesPlugins => Plugins.Count > 0;

    internal IReadOnlyList<EncryptionRule> Rules { get; }

    /// <summary>Of all rules.</summary>
    internal IReadOnlyList<IValueCipher> Ciphers { get; }

    /// <summary>Names the text that it was made from, and shows nothing of it.</summary>
    internal string Hash { get; }

    /// <summary>Longer than any question to a plugin that was asked with this takes.</summary>
    internal TimeSpan Grace => 2 * Plugins.Aggregate(TimeSpan.Zero, (sum, plugin) => sum + plugin.Settings.Timeout);

    private IReadOnlyList<KmsCipher> Plugins { get; }

    /// <summary>Reads a file, and asks the plugins that it names for the first time. A plugin that is away is no error: it may come.</summary>
    /// <exception cref="FormatException">It is no configuration, or makes no sense.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<EncryptionConfiguration> LoadAsync(string file, TimeProvider time, ILoggerFactory logs, CancellationToken cancel)
    {
        var made = Parse(await File.ReadAllBytesAsync(file, cancel), time, logs);
        await made.StartAsync(cancel);
        return made;
    }

    /// <summary>How the plugins are.</summary>
    /// <exception cref="KmsException">Some are unwell; the message says which and why.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        List<string> problems = [];
        for (var i = 0; i < Plugins.Count; i++)
        {
            try
            {
                await Plugins[i].Keeper.CheckAsync(cancel);
            }
            catch (KmsException unwell)
            {
                problems.Add($"kms-provider-{i}: {unwell.Message}");
            }
        }

        if (problems.Count > 0)
        {
            throw new KmsException(problems.Count == 1 ? problems[0] : $"[{string.Join(", ", problems)}]");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var plugin in Plugins)
        {
            await plugin.DisposeAsync();
        }
    }

    /// <exception cref="FormatException">All that is wrong in one message, in upstream's words. Secrets are never shown.</exception>
    internal static EncryptionConfiguration Parse(byte[] yaml, TimeProvider time, ILoggerFactory logs)
    {
        if (yaml.Length == 0)
        {
            throw new FormatException("encryption provider configuration file is empty");
        }

        var parser = new EncryptionParser(time, logs.CreateLogger<KmsCipher>());
        return new EncryptionConfiguration(parser.Rules(YamlFile.Parse(yaml, "error decoding encryption provider configuration")), HashOf(yaml));
    }

    internal Task StartAsync(CancellationToken cancel) => Task.WhenAll(Plugins.Select(plugin => plugin.Keeper.StartAsync(cancel)));

    internal static string HashOf(byte[] text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(text));
}
