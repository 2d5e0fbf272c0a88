namespace GrainKube.Networking.Dns.Wire;

/// <summary>What came of a question (RFC 1035 4.1.1, RFC 6891 9).</summary>
internal enum ResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,

    /// <summary>An EDNS version that is not spoken; its upper bits travel in the OPT record.</summary>
    BadVersion = 16,
}
