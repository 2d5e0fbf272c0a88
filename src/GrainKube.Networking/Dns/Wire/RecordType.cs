namespace GrainKube.Networking.Dns.Wire;

/// <summary>Types of resource records that are looked at here (RFC 1035, 2782, 3596, 6891, 8482).</summary>
internal enum RecordType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Hinfo = 13,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Ixfr = 251,
    Axfr = 252,
    Any = 255,
}
