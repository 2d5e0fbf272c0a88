using System.Security.Cryptography;

namespace GrainKube.Resources.Certificates;

/// <summary>The blocks of a text in PEM; what stands between them is nothing.</summary>
public static class Pem
{
    public const string Certificate = "CERTIFICATE";

    private const string Begin = "-----BEGIN ";
    private const string Dashes = "-----";

    /// <summary>Each block's label and what is in it, without white space: base64, or what its writer put there instead.</summary>
    public static IEnumerable<(string Label, string Data)> BlocksOf(string text)
    {
        for (var start = text.IndexOf(Begin, StringComparison.Ordinal); start >= 0; start = text.IndexOf(Begin, start, StringComparison.Ordinal))
        {
            var from = start + Begin.Length;
            var dashes = text.IndexOf(Dashes, from, StringComparison.Ordinal);
            if (dashes < 0)
            {
                yield break;
            }

            var label = text[from..dashes];
            var end = $"-----END {label}-----";
            var body = dashes + Dashes.Length;
            var stop = text.IndexOf(end, body, StringComparison.Ordinal);
            if (stop < 0)
            {
                start = body;
                continue;
            }

            yield return (label, string.Concat(text[body..stop].Where(c => !char.IsWhiteSpace(c))));
            start = stop + end.Length;
        }
    }

    /// <summary>The certificates of a text, each a block with a line's end, without what stands around them.</summary>
    public static IEnumerable<string> CertificatesOf(string text) => BlocksOf(text)
        .Where(block => block.Label == Certificate)
        .Select(block => PemEncoding.WriteString(Certificate, Convert.FromBase64String(block.Data)) + "\n");
}
