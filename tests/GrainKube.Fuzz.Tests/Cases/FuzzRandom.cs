namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>Seeded chance, and the texts that have broken parsers before.</summary>
internal sealed class FuzzRandom(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "A", "0", "-1", "1", "true", "null", "web", "default", "kube-system", "x/y", "a/b/c", "/", "//", ".", "..", "../..", "-", "_", "*", "$", "%", "%00", "%zz", "\0", "\n", "\u2028", "\ud83d\ude00",
        "\u0130", "a\u0301", "é", "ß", "null\0byte", "{}", "[]", "{", "\"", "'", "\\", "<script>", "1e309", "9223372036854775808", "-9223372036854775809", "0x10", "1_000", "1.5", "100m", "1Gi", "1E", "1Ei", "-0",
        "1e", "1.1.1.1", "256.1.1.1", "::1", "fe80::1%eth0", "10.0.0.0/33", "10.0.0.0/8", "::/0", "2024-01-01T00:00:00Z", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1h", "-1h", "1h1",
        "99999999h", "*/5 * * * *", "@every 1s", "0 0 31 2 *", "(", "[a-", "(a+)+$", "a{1001}", "v1", "apps/v1", "v1/v1/v1", "spec.nodeName", "metadata.name", "key=value", "key in (a,b)", "!key", "Always", "IfNotPresent",
        "ClusterIP", "TCP", "http", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "AA==", "AAA", "$(HOME)", "{{.}}", "$.a", "{.a[?(@.b)]}", "self.a", "object.spec", "1 +", "example.com/a", "kubernetes.io/arch",
    ];

    private readonly Random random = new(seed);

    public int Below(int end) => random.Next(end);

    public bool Chance(double probability) => random.NextDouble() < probability;

    public T PickFrom<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public T Pick<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    /// <summary>A text that is likely to be handled wrongly.</summary>
    public string Text() => random.Next(12) switch
    {
        0 => new string((char)random.Next(1, 0x250), random.Next(1, 300)),
        1 => new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next(1, 0xd800))]),
        2 => PickFrom(Texts) + PickFrom(Texts),
        3 => new string('a', random.Next(60, 70)),
        4 => new string('a', random.Next(250, 260)),
        _ => PickFrom(Texts),
    };

    /// <summary>A name as objects have them; from a small pool, because the server keeps a little for each name for some minutes.</summary>
    public string Name() => Chance(0.02) ? Text() : "n" + random.Next(60);

    public long Integer() => random.Next(8) switch
    {
        0 => long.MaxValue,
        1 => long.MinValue,
        2 => int.MaxValue + 1L,
        3 => -1,
        4 => 0,
        5 => random.NextInt64(),
        _ => random.Next(-2, 70_000),
    };

    public byte[] Bytes(int longest)
    {
        var made = new byte[random.Next(longest)];
        random.NextBytes(made);
        return made;
    }
}
