namespace GrainKube.ApiServer.Endpoints;

/// <summary>Names for <c>generateName</c>: the prefix and five letters that spell no words.</summary>
internal static class GeneratedName
{
    private const int MaxPrefix = 58;
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Draw(string prefix)
    {
        var start = prefix.Length > MaxPrefix ? prefix[..MaxPrefix] : prefix;
        return start + string.Create(5, 0, (letters, _) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                letters[i] = Letters[Random.Shared.Next(Letters.Length)];
            }
        });
    }
}
