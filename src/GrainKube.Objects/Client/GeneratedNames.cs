using System.Security.Cryptography;

namespace GrainKube.Objects.Client;

/// <summary>Names for <c>metadata.generateName</c>, as upstream draws them (<c>apiserver/pkg/storage/names</c>).</summary>
public static class GeneratedNames
{
    /// <summary>How many names are tried before the client is told to try again.</summary>
    public const int Tries = 8;

    private const int MaximumLength = 63;
    private const int SuffixLength = 5;

    /// <summary>No vowels, so that no words appear, and nothing that looks like something else.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The prefix, cut where it is too long, and five random characters.</summary>
    public static string Draw(string prefix) =>
        string.Concat(prefix.AsSpan(0, Math.Min(prefix.Length, MaximumLength - SuffixLength)), RandomNumberGenerator.GetString(Alphabet, SuffixLength));
}
